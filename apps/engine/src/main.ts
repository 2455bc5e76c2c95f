/** The engine as a process: control. Prints `{"ready":true,"port":…}` on stdout once it listens; words go to stderr. Exits 0 when told to stop. */
import { fstatSync } from 'node:fs';
import { configFromEnv, type EngineConfig } from './config.ts';
import { startEngine } from './engine.ts';
import { logTo, saying } from './log.ts';
import { systemClock } from './system-clock.ts';
import { entriesBeside } from './workers/entries.ts';

const parentPollMs = 1_000;
const log = logTo(process.stderr);

function readConfig(): EngineConfig {
  try {
    return configFromEnv(process.env);
  } catch (error) {
    log(error instanceof Error ? error.message : String(error));
    process.exit(2);
  }
}

/** Resolves at the first SIGINT or SIGTERM, and at the end of the parent. A second signal kills. */
const stopRequested = new Promise<string>((resolve) => {
  let signals = 0;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      signals += 1;
      if (signals > 1) process.exit(1);
      resolve(name);
    });
  }
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && resolve('the end of its parent'), parentPollMs).unref();
  // /dev/null ends at once and says nothing of the parent; a pipe ends with it.
  const input = fstatSync(0);
  if (input.isFIFO() || input.isSocket())
    process.stdin
      .on('end', () => resolve('the end of its parent'))
      .on('error', () => resolve('the end of its parent'))
      .resume();
});

const config = readConfig();
try {
  const engine = await startEngine({
    config,
    entries: entriesBeside(import.meta.url),
    env: {},
    clock: systemClock,
    log,
  });
  process.stdout.on('error', () => undefined); // a parent that is gone reads no more; its end is seen above
  process.stdout.write(`${JSON.stringify({ ready: true, port: engine.port })}\n`);
  log(`stopping after ${await stopRequested}`);
  await engine.stop();
  process.exit(0);
} catch (error) {
  log(saying(error));
  process.exit(1);
}
