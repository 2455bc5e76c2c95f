import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { alive, pidOf, runFile, startMillrace } from '../millrace/millrace.ts';

test('Ctrl-C ends every process; after kill -9 the next start cleans up; apps are found as they were; a taken port is named', async () => {
  test.setTimeout(240_000);
  const dataDir = mkdtempSync(join(tmpdir(), 'millrace-up-'));
  const squatter = createServer().listen(3100, '127.0.0.1'); // Taken already when the shared Millrace holds it: then this fails to listen, which serves as well.
  squatter.on('error', () => undefined);
  const first = await startMillrace(dataDir);
  expect(first.url).not.toContain(':3100');
  const created = await fetch(`${first.url}/api/v1/apps`, {
    method: 'POST',
    body: JSON.stringify({ app: 'kept' }),
    headers: { 'content-type': 'application/json' },
  });
  expect(created.status).toBe(201);

  const orphans = runFile(dataDir).services.map((service) => service.pid);
  first.child.kill('SIGKILL');
  const second = await startMillrace(dataDir);
  expect(orphans.filter(alive)).toEqual([]);
  const apps = (await (await fetch(`${second.url}/api/v1/apps`)).json()) as { apps: { app: string }[] };
  expect(apps.apps.map((app) => app.app)).toEqual(['kept']);

  const pids = [second.child.pid ?? 0, ...runFile(dataDir).services.map((service) => service.pid)];
  await second.stop();
  await expect.poll(() => pids.filter(alive)).toEqual([]);
  squatter.close();
});

test('[X2] two Millraces that start at once want the same ports and get their own; kill -9 of one ends all of it, the dashboard too', async () => {
  test.setTimeout(240_000);
  const folders = [mkdtempSync(join(tmpdir(), 'millrace-one-')), mkdtempSync(join(tmpdir(), 'millrace-two-'))] as const;
  const [one, two] = await Promise.all([startMillrace(folders[0]), startMillrace(folders[1])]);
  expect(one.url).not.toBe(two.url);
  const instanceOf = async ({ url }: { readonly url: string }) =>
    ((await (await fetch(`${url}/api/v1/engine`)).json()) as { instance: string }).instance;
  expect(await instanceOf(one)).not.toBe(await instanceOf(two));
  const pids = runFile(folders[1]).services.map((service) => service.pid);
  two.child.kill('SIGKILL');
  await expect.poll(() => pids.filter(alive), { timeout: 30_000 }).toEqual([]);
  await one.stop();
});

test('[X2] a broker whose port is taken while it is down comes back on another, and the engine is told', async () => {
  test.setTimeout(240_000);
  const dataDir = mkdtempSync(join(tmpdir(), 'millrace-moved-'));
  const millrace = await startMillrace(dataDir);
  const before = runFile(dataDir).kafka;
  const squatter = createServer();
  process.kill(pidOf(dataDir, 'broker'), 'SIGKILL');
  await expect
    .poll(
      () =>
        new Promise((done) => {
          squatter.once('error', () => done(false));
          squatter.listen(Number(before.split(':')[1]), '127.0.0.1', () => done(true));
        }),
    )
    .toBe(true);
  await expect.poll(() => runFile(dataDir).kafka, { timeout: 60_000 }).not.toBe(before);
  const saysKafka = async () => (await fetch(`${millrace.url}/api/v1/engine`)).text();
  await expect.poll(saysKafka, { timeout: 60_000 }).toContain(`Kafka at ${runFile(dataDir).kafka} answers`);
  squatter.close();
  await millrace.stop();
});
