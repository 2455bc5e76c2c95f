/** The embedded broker as production runs it: bundled, in a plain Node process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { eventBytes, partitionCount } from './events.ts';
import { untilAnswered } from './first-answer.ts';
import { profiling } from './profiling.ts';

export interface BrokerProcess {
  /** `host:port` */
  readonly brokers: string;
  readonly pid: number;
  /** Ends it cleanly. Idempotent. */
  stop(): Promise<void>;
  /** Ends it as a crash does. */
  kill(): Promise<void>;
}

/** Bundles the broker into `folder`; answers the file to run. */
export async function bundleBroker(folder: string): Promise<string> {
  const entry = fileURLToPath(new URL('../../packages/broker/src/main.ts', import.meta.url));
  const outfile = join(folder, 'broker.mjs');
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    logLevel: 'warning',
  });
  return outfile;
}

/** Starts the bundled broker; `startSeconds` went by until it answered its first request. */
export async function startEmbeddedBroker(
  program: string,
  dataDir: string,
): Promise<BrokerProcess & { readonly startSeconds: number }> {
  const port = await freePort();
  const startedMs = performance.now();
  const child = spawn(process.execPath, [...profiling, program, '--port', String(port), '--data', dataDir, '--quiet'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    child.kill(signal);
    await ended;
  };
  await Promise.race([
    untilAnswered(port),
    ended.then(() => Promise.reject(new Error('the embedded broker did not start'))),
  ]);
  const startSeconds = (performance.now() - startedMs) / 1_000;
  const pid = child.pid ?? 0; // It runs, so it has one.
  return { brokers: `127.0.0.1:${port}`, pid, startSeconds, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}

/** Does `work` on the broker that KAFKA_BROKERS names or, without it, on an embedded one. */
export async function onBroker(folder: string, events: number, work: (brokers: string) => Promise<void>) {
  const external = process.env['KAFKA_BROKERS'];
  const embedded =
    external === undefined ? await startEmbeddedBroker(await bundleBroker(folder), join(folder, 'data')) : null;
  try {
    console.log(
      `${events.toLocaleString('en')} JSON events of ${eventBytes} bytes, ${partitionCount} partitions, on`,
      external ?? 'the embedded broker',
    );
    await work(external ?? embedded?.brokers ?? '');
  } finally {
    await embedded?.stop();
  }
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => found(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
