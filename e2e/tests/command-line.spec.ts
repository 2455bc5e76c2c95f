import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { millraceUrl, tableRows } from '../millrace/api.ts';
import { failuresDocument } from '../millrace/documents.ts';
import { projectRoot } from '../millrace/millrace.ts';

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function millrace(args: readonly string[], input = ''): Promise<Outcome> {
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      [join(projectRoot, 'apps/cli/bin/millrace.mjs'), ...args],
      { env: { ...process.env, MILLRACE_URL: millraceUrl() } },
      (error, out, err) => done({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, out, err }),
    );
    child.stdin?.end(input);
  });
}

const folder = mkdtempSync(join(tmpdir(), 'millrace-cli-'));
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

test('a document that does not validate: every problem with its place, exit 2, nothing changed', async () => {
  const bad = file(
    'bad.yaml',
    failuresDocument('cli-bad', 'cli-bad-logins').replace('group_by', 'group_bye').replace('!value.ok', '!value.okay'),
  );
  for (const command of ['validate', 'plan', 'apply']) {
    const { code, out, err } = await millrace([command, bad]);
    expect(code, `${command}: ${err}`).toBe(2);
    expect(out + err).toContain('unknown-step');
  }
  const { out } = await millrace(['apps', '--json']);
  expect(JSON.parse(out).map((app: { app: string }) => app.app)).not.toContain('cli-bad');
});

test('an app by the command line alone: plan, apply, send, table, pause, resume, export, stop', async () => {
  const app = `cli-${Date.now()}`;
  const topic = `${app}-logins`;
  const good = file('good.yaml', failuresDocument(app, topic));
  const plan = await millrace(['plan', good]);
  expect(plan, plan.err).toMatchObject({ code: 0 });
  expect(plan.out).toContain(`Kafka topic ${app}-failures-by-ip-changelog`);

  const applied = await millrace(['apply', good, '-m', 'first']);
  expect(applied, applied.err).toMatchObject({ code: 0 });
  const lines = [1, 2, 3].map((at) => JSON.stringify({ ip: '192.0.2.1', user: `u${at}`, ok: false, ts: Date.now() }));
  const sent = await millrace(['send', topic], lines.join('\n'));
  expect(sent, sent.err).toMatchObject({ code: 0, out: expect.stringContaining('3 records') });
  await expect.poll(async () => (await tableRows(app, 'failures-by-ip')).rows.length).toBeGreaterThan(0);

  const table = await millrace(['table', app, 'failures-by-ip', '--key', '192.0.2.1', '--json']);
  expect(JSON.parse(table.out).rows[0].value.attempts).toBe(3);
  const tail = await millrace(['topic', 'tail', topic, '--from', 'beginning', '--no-follow', '--json']);
  expect(
    tail.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).value.user)
      .sort(),
  ).toEqual(['u1', 'u2', 'u3']);

  for (const verb of ['pause', 'resume']) expect(await millrace([verb, app])).toMatchObject({ code: 0 });
  const exported = await millrace(['export', app]);
  expect(exported.out.trim()).toBe(failuresDocument(app, topic).trim());
  expect(await millrace(['stop', app])).toMatchObject({ code: 0 });
});

test('sample data from the command line ends at its count', async () => {
  const { code, out, err } = await millrace([
    'generate',
    'logins',
    '--topic',
    `generated-${Date.now()}`,
    '--rate',
    '2000',
    '--count',
    '500',
    '--seed',
    '7',
    '--json',
  ]);
  expect(code, err).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ state: 'done', sent: 500 });
});

test('exit codes: 3 for what is not there, 5 for a Millrace that does not answer', async () => {
  expect(await millrace(['table', 'no-such-app', 'table'])).toMatchObject({ code: 3 });
  expect(await millrace(['--url', 'http://127.0.0.1:9', 'apps'])).toMatchObject({ code: 5 });
});
