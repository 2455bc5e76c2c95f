import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { runFile, startMillrace } from '../millrace/millrace.ts';

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

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
