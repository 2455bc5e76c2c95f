import { setTimeout as sleep } from 'node:timers/promises';
import { type RunFile, startTicks } from './run-file.ts';

const patienceMs = 10_000;

/**
 * Ends what an unclean end of `millrace up` left behind: processes of its list that are still the very same ones. Postgres last, so that the
 * others can still write; it is asked, never killed, unless it does not answer.
 */
export async function endLeftOvers(run: RunFile, say: (line: string) => void): Promise<void> {
  const alive = run.services.filter((service) => startTicks(service.pid) === service.startTicks);
  if (alive.length === 0) return;
  say(
    `The last run did not end cleanly; ending what is left of it: ${alive.map((service) => `${service.name} (pid ${service.pid})`).join(', ')}`,
  );
  for (const service of [...alive].reverse()) {
    send(service.pid, 'SIGTERM');
    if (await hasEnded(service)) continue;
    // Its group is its own: children of it that hang end with it.
    send(-service.pid, 'SIGKILL');
    if (!(await hasEnded(service)))
      say(`${service.name} (pid ${service.pid}) has not ended, though it was killed: the system holds it`);
  }
}

async function hasEnded(service: RunFile['services'][number]): Promise<boolean> {
  const untilMs = Date.now() + patienceMs;
  while (startTicks(service.pid) === service.startTicks) {
    if (Date.now() >= untilMs) return false;
    await sleep(50);
  }
  return true;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error; // It has just ended by itself.
  }
}
