/**
 * The embedded Postgres as a process of its own: `main.ts --data FOLDER [--port N]`. Prints one line of JSON on stdout when it is ready,
 * `{"ready":true,"url":…,"port":…,"pid":…}`; words go to stderr. Exits 0 when told to stop (SIGINT, SIGTERM, its parent's end), 1 when the
 * server could not start or died.
 */
import { fstatSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres } from './embedded-postgres.ts';

const parentPollMs = 1000;

// As root, the server runs as another user, who must reach its binaries; what is secret is made so where it is made.
process.umask(0o022);

const { values } = parseArgs({ options: { data: { type: 'string' }, port: { type: 'string', default: '0' } } });
const log = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

if (values.data === undefined || !/^\d+$/.test(values.port)) {
  log('usage: --data FOLDER [--port N]');
  process.exit(2);
}

const stopRequested = new Promise<void>((resolve) => {
  const parent = process.ppid;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => resolve());
  setInterval(() => process.ppid !== parent && resolve(), parentPollMs).unref();
  // /dev/null ends at once and says nothing of the parent; a pipe ends with it.
  const input = fstatSync(0);
  if (input.isFIFO() || input.isSocket())
    process.stdin
      .on('end', resolve)
      .on('error', () => resolve())
      .resume();
});

try {
  const server = await startEmbeddedPostgres({ dataDir: values.data, port: Number(values.port), log });
  process.stdout.on('error', () => undefined); // a parent that is gone reads no more; its end is seen above
  process.stdout.write(`${JSON.stringify({ ready: true, url: server.url, port: server.port, pid: server.pid })}\n`);
  const end = await Promise.race([
    stopRequested.then(() => 'asked' as const),
    server.exited.then(() => 'died' as const),
  ]);
  if (end === 'died') log('Postgres ended unexpectedly');
  await server.stop();
  process.exit(end === 'died' ? 1 : 0);
} catch (error) {
  log(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
