/**
 * `npm run bench [-- windowed-count | repartition | skew | latency | idle | transport | broker] [--runs N] [--events N] [--gb N] [--apps N]`
 * Each contender runs in a process of its own, in turns, in one run. Compare the ratios: the numbers before them are
 * this machine's, and of this hour.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchBroker } from './broker-bench.ts';
import { eventCount } from './events.ts';
import { benchIdle } from './idle-bench.ts';
import { benchLatency } from './latency-bench.ts';
import { benchRepartition } from './repartition-bench.ts';
import { benchSkew } from './skew-bench.ts';
import { benchTransport } from './transport-bench.ts';
import { benchWindowedCount } from './windowed-count-bench.ts';

const benches = {
  'windowed-count': benchWindowedCount,
  repartition: benchRepartition,
  skew: benchSkew,
  latency: benchLatency,
  idle: benchIdle,
  transport: benchTransport,
  broker: benchBroker,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '3' },
    events: { type: 'string', default: String(eventCount) },
    gb: { type: 'string', default: '5' },
    apps: { type: 'string', default: '100' },
  },
});
const what = positionals[0] ?? 'windowed-count';
const runs = Number(values.runs);
const events = Number(values.events);
const gigabytes = Number(values.gb);
const apps = Number(values.apps);
if (!isBench(what) || ![runs, events, gigabytes, apps].every((number) => number > 0)) {
  console.error(
    `Usage: npm run bench [-- ${Object.keys(benches).join(' | ')}] [--runs N] [--events N] [--gb N] [--apps N]`,
  );
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
try {
  await benches[what]({ runs, events, gigabytes, apps, folder });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function isBench(name: string): name is keyof typeof benches {
  return Object.hasOwn(benches, name);
}
