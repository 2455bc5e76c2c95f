/**
 * `node --import tsx apps/engine/src/testing/idle-cost.ts [apps] [seconds]`: what idle apps cost an engine and its worker, in CPU seconds a second. Each app counts
 * a topic of four partitions behind a group_by, in hopping windows; it has had an event, whose windows are over. Linux: the figures are of /proc.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { House } from './house.ts';

const [apps = 20, seconds = 60] = process.argv.slice(2).map(Number);
/** Windows are over, Kafka's clients and Postgres have come to rest, and V8 has compiled what is called again and again, after this long. */
const restMs = 300_000;
/** As long as it is where nobody says otherwise, which sets the heartbeats' pace. */
const sessionTimeoutMs = '10000';

const document = (app: string): string => `app: ${app}
topics:
  ${app}-in: { partitions: 4, key: string, value: { user: string }, eventTime: record }
tables:
  counts: { key: string, window: { hopping: 10s, every: 5s, retention: 10s }, value: { count: count() } }
agents:
  count: { from: ${app}-in, steps: [ { group_by: value.user }, { aggregate: counts } ] }
`;

interface Cost {
  readonly seconds: number;
  /** How often its main thread has gone to sleep. */
  readonly sleeps: number;
}

/** So far, of this process' descendants of Node. */
const costs = (): ReadonlyMap<number, Cost> => {
  const parents = new Map<number, Cost & { readonly parent: number }>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const [, parent] = readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
      // In ns, of each thread: what stands in `stat` is counted at the clock's ticks, which processes that keep to a clock can fall beside.
      const nanoseconds = readdirSync(`/proc/${name}/task`).map((thread) =>
        Number(readFileSync(`/proc/${name}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
      );
      const seconds = nanoseconds.reduce((sum, each) => sum + each, 0) / 1e9;
      // Postgres, and what compiles the source as it is loaded.
      if (['postgres', 'esbuild'].includes(readFileSync(`/proc/${name}/comm`, 'utf8').trim())) continue;
      const sleeps = /^voluntary_ctxt_switches:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1];
      parents.set(Number(name), { parent: Number(parent), seconds, sleeps: Number(sleeps) });
    } catch {
      // It has ended meanwhile.
    }
  }
  const isOurs = (pid: number): boolean => {
    const parent = parents.get(pid)?.parent;
    return parent === process.pid || (parent !== undefined && isOurs(parent));
  };
  return new Map([...parents].filter(([pid]) => isOurs(pid)));
};

const house = await House.build();
try {
  const engine = await house.engine(1, { KAFKA_SESSION_TIMEOUT_MS: sessionTimeoutMs });
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
  const before = costs();
  await sleep(seconds * 1_000);
  let total = 0;
  for (const [pid, now] of costs()) {
    const was = before.get(pid) ?? now;
    const share = (now.seconds - was.seconds) / seconds;
    total += share;
    const wakes = Math.round((now.sleeps - was.sleeps) / seconds);
    console.log(`process ${pid}: ${(share * 100).toFixed(1)} % of a core, awake ${wakes} times a second`);
  }
  console.log(`${apps} idle apps: ${(total * 100).toFixed(1)} % of a core`);
} finally {
  await house.tearDown();
}
