import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { alive, startMillrace } from '../millrace/millrace.ts';

/** A small disk of its own; null where this user may not mount one. */
function mountDisk(megabytes: number): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', folder]);
  return mounted.status === 0 ? folder : null;
}

/** Takes all that is left of a disk. */
function fill(path: string): void {
  const file = openSync(path, 'w');
  for (let size = 1 << 20; size >= 512; size /= 2) {
    try {
      for (;;) writeSync(file, Buffer.alloc(size));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    }
  }
  closeSync(file);
}

/** A draft that takes room: Postgres has some in hand for small ones. */
const bulky = (app: string) => ({ app, text: `app: ${app}\n# ${randomBytes(150_000).toString('base64')}\n` });

const document = `app: small
topics:
  small-events: { partitions: 1, key: string, value: { user: string, note: string }, eventTime: record }
tables:
  counts: { key: string, value: { events: count() } }
agents:
  count: { from: small-events, steps: [ { aggregate: counts } ] }
`;

interface Answer {
  readonly error?: { readonly code: string; readonly message: string };
  readonly rows?: readonly { readonly key: string; readonly value: { readonly events: number } }[];
}

test('[X3] a full disk ends nothing: it is named, writes are refused in words, and once there is room all goes on, with nothing lost', async ({
  page,
}) => {
  test.setTimeout(300_000);
  const disk = process.platform === 'linux' ? mountDisk(400) : null;
  test.skip(disk === null, 'needs Linux, and the right to mount a disk');
  if (disk === null) return;
  const millrace = await startMillrace(join(disk, 'data'));
  let said = '';
  millrace.child.stdout?.on('data', (chunk: Buffer) => {
    said += String(chunk);
  });
  try {
    const call = async (method: string, path: string, body?: object) => {
      const answer = await fetch(`${millrace.url}/api/v1${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      const json = (await answer.json().catch(() => ({}))) as Answer;
      return { status: answer.status, json };
    };
    const send = (user: string, note = '') =>
      call('POST', '/topics/small-events/records', { records: [{ key: user, value: { user, note } }] });
    expect((await call('POST', '/apply', { text: document, confirm: 'all' })).status).toBe(202);
    await expect.poll(async () => (await send('before')).status, { timeout: 60_000 }).toBe(200);

    fill(join(disk, 'filler'));
    await expect
      .poll(async () => (await call('POST', '/apps', bulky(`more-${Date.now()}`))).status, { timeout: 60_000 })
      .toBe(507);
    await page.goto(`${millrace.url}/`);
    await expect(page.getByRole('alert').filter({ hasText: 'The disk is nearly full' })).toContainText('needs 100 MB');
    await expect.poll(() => said).toContain(`the disk of ${join(disk, 'data')} has`);
    const acknowledged = ['before'];
    const refused: Awaited<ReturnType<typeof send>>[] = [];
    for (let at = 0; at < 2; at++) {
      const answer = await send(`full-${at}`, randomBytes(150_000).toString('base64'));
      if (answer.status === 200) acknowledged.push(`full-${at}`);
      else refused.push(answer);
    }
    expect(refused.length).toBeGreaterThan(0);
    for (const { status, json } of refused) {
      expect(status).toBe(503);
      expect(json.error?.message).toContain('small-events: not written within 20 s');
    }

    rmSync(join(disk, 'filler'));
    await expect
      .poll(async () => (await call('POST', '/apps', bulky(`after-${Date.now()}`))).status, { timeout: 90_000 })
      .toBe(201);
    await expect.poll(async () => (await send('after')).status, { timeout: 60_000 }).toBe(200);
    acknowledged.push('after');
    await expect(page.getByRole('alert').filter({ hasText: 'The disk is nearly full' })).toBeHidden({
      timeout: 60_000,
    });
    const counted = async () =>
      (await call('GET', '/tables/small/counts')).json.rows?.map(({ key, value }) => [key, value.events]);
    await expect
      .poll(counted, { timeout: 60_000 })
      .toEqual(expect.arrayContaining(acknowledged.map((user) => [user, 1])));
    expect((await counted())?.every(([, events]) => events === 1)).toBe(true);
    expect(alive(millrace.child.pid ?? 0)).toBe(true);
    await expect.poll(() => said).toContain('has room again');
  } finally {
    await millrace.stop();
    spawnSync('umount', [disk]);
  }
});
