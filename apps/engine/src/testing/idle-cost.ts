/**
 * `node --import tsx apps/engine/src/testing/idle-cost.ts [apps] [seconds]`: what idle apps cost an engine and its worker, in CPU seconds a second. Each app counts
 * a topic of four partitions behind a group_by, in hopping windows. Linux: the figures are of /proc.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { House } from './house.ts';

const [apps = 20, seconds = 60] = process.argv.slice(2).map(Number);
/** Kafka's clients, windows and Postgres have come to rest after this long. */
const restMs = 15_000;
const ticksPerSecond = 100;

const document = (app: string): string => `app: ${app}
topics:
  ${app}-in: { partitions: 4, key: string, value: { user: string }, eventTime: record }
tables:
  counts: { key: string, window: { hopping: 1m, every: 10s }, value: { count: count() } }
agents:
  count: { from: ${app}-in, steps: [ { group_by: value.user }, { aggregate: counts } ] }
`;

/** CPU seconds so far, and who it is, of this process' descendants of Node. */
const cpuSeconds = (): ReadonlyMap<number, number> => {
  const parents = new Map<number, { readonly parent: number; readonly seconds: number }>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
      const seconds = (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
      if (readFileSync(`/proc/${name}/comm`, 'utf8').trim() === 'postgres') continue;
      parents.set(Number(name), { parent: Number(fields[1]), seconds });
    } catch {
      // It has ended meanwhile.
    }
  }
  const isOurs = (pid: number): boolean => {
    const parent = parents.get(pid)?.parent;
    return parent === process.pid || (parent !== undefined && isOurs(parent));
  };
  return new Map([...parents].filter(([pid]) => isOurs(pid)).map(([pid, { seconds }]) => [pid, seconds]));
};

const house = await House.build();
try {
  const engine = await house.engine();
  const names = Array.from({ length: apps }, (_, at) => `idle-${at}`);
  for (const app of names) {
    await house.deploy(app, document(app));
    await engine.eventually(
      async () => (await engine.read()).apps.find((one) => one.app === app)?.status,
      (status) => status === 'running',
    );
    await house.produce(`${app}-in`, [{ key: 'k', value: { user: 'u' }, timestampMs: Date.now() }]);
  }
  await sleep(restMs);
  const before = cpuSeconds();
  await sleep(seconds * 1_000);
  let total = 0;
  for (const [pid, now] of cpuSeconds()) {
    const share = (now - (before.get(pid) ?? now)) / seconds;
    total += share;
    console.log(`process ${pid}: ${(share * 100).toFixed(1)} % of a core`);
  }
  console.log(`${apps} idle apps: ${(total * 100).toFixed(1)} % of a core`);
} finally {
  await house.tearDown();
}
