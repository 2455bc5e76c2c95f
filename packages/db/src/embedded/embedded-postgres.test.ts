import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import { isAlive } from './postmaster-file.ts';

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'millrace-embedded-'));
  await chmod(dataDir, 0o755);
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const log = () => undefined;

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows[0];
  } finally {
    await client.end();
  }
}

test('on a taken port it takes another one, and says so', async () => {
  const squatter = createServer().listen(0, '127.0.0.1');
  await once(squatter, 'listening');
  const address = squatter.address();
  const taken = typeof address === 'object' && address !== null ? address.port : 0;
  const lines: string[] = [];
  const server = await startEmbeddedPostgres({ dataDir, port: taken, log: (line) => lines.push(line) });
  expect(server.port).not.toBe(taken);
  expect(lines.join()).toContain(`port ${taken} is taken`);
  await ask(server.url, 'CREATE TABLE kept AS SELECT 7 AS n');
  await server.stop();
  await server.exited;
  expect(isAlive(server.pid)).toBe(false);
  squatter.close();
});

test('a server that an unclean end left behind is adopted with its data, and stopped by whoever adopted it', async () => {
  const orphaned = await startEmbeddedPostgres({ dataDir, log });
  const adopted = await startEmbeddedPostgres({ dataDir, log });
  expect(adopted).toMatchObject({ pid: orphaned.pid, port: orphaned.port });
  expect(await ask(adopted.url, 'SELECT n FROM kept')).toEqual({ n: 7 });
  await adopted.stop();
  await orphaned.exited;
});

test('what was acknowledged before SIGKILL is there at the next start, over the pid file that was left', async () => {
  const first = await startEmbeddedPostgres({ dataDir, log });
  await ask(first.url, 'CREATE TABLE survived AS SELECT 1 AS n');
  process.kill(first.pid, 'SIGKILL');
  await first.exited;
  const second = await startEmbeddedPostgres({ dataDir, log });
  expect(await ask(second.url, 'SELECT n FROM survived')).toEqual({ n: 1 });
  await second.stop();
});

test('as a process it ends with its parent’s pipe, and with the server’s death', async () => {
  const one = await runMain();
  one.child.stdin?.end();
  expect(await exitCode(one.child)).toBe(0);
  expect(isAlive(one.server.pid)).toBe(false);
  const two = await runMain();
  process.kill(two.server.pid, 'SIGKILL');
  expect(await exitCode(two.child)).toBe(1);
});

async function runMain(): Promise<{ child: ChildProcess; server: Pick<EmbeddedPostgres, 'pid' | 'port'> }> {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', main, '--data', dataDir], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return { child, server: JSON.parse(line) };
}

async function exitCode(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  const [code] = await once(child, 'exit');
  return code;
}
