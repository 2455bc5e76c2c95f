/** The engine's runtime on the same count: a table with its changelog, restored, committed; over this project's driver. */
import { parseDocument } from '@millrace/spec';
import { AppRuntime, type Clock, compileTopology } from '@millrace/streams';
import { kafkaJsTransport } from '@millrace/transport-kafkajs';
import { partitionCount } from './events.ts';
import { report, Stopwatch } from './measurement.ts';

// `groupBy`: an expression to repartition by.
const [brokers = '', topic = '', expected = '0', groupBy] = process.argv.slice(2);
const total = Number(expected);
const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};
const { document, problems } = parseDocument(`
app: bench-${process.pid}-${Date.now()}
models:
  Event: { ip: string, user: string, ok: boolean, ts: timestamp, note: string }
topics:
  events: { name: ${topic}, partitions: ${partitionCount}, key: string, value: Event, eventTime: value.ts }
tables:
  counts: { key: string, window: { tumbling: 1m, grace: 1m }, value: { events: count() } }
agents:
  count:
    from: events
    steps:
${groupBy === undefined ? '' : `      - group_by: ${groupBy}\n`}      - aggregate: counts
`);
if (!document) throw new Error(JSON.stringify(problems));
const transport = kafkaJsTransport({ brokers: brokers.split(',') });
const topology = compileTopology(document);
await transport.admin().createTopics(topology.topics);
const app = new AppRuntime({ topology, transport, clock, workerId: 'bench' });
app.onState((state) => {
  if (state.kind === 'failed' || state.kind === 'retrying') console.error(state.kind, state.reason);
});
const watch = new Stopwatch();
await app.start();
/** All is read, counted and committed, behind the repartition too. */
const done = (): boolean => {
  const { partitions, tables } = app.status();
  const counted = (tables['counts'] ?? []).reduce((sum, { updates }) => sum + updates, 0);
  return counted >= total && partitions.every(({ committed, end }) => committed === end);
};
while (!done()) await new Promise((resolve) => setTimeout(resolve, 20));
const measured = watch.stop();
let records = 0;
let rows = 0;
for (const table of app.tables().get('counts') ?? []) {
  const page = table.query({ windows: 'all', limit: 1e9 });
  rows += page.matched;
  for (const { value } of page.rows) records += Number(value['events']);
}
report({ ...measured, records: total, result: `${records} events in ${rows} rows` });
await app.stop();
await transport.close();
