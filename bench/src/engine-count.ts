/** The engine's runtime on the same count: a table with its changelog, restored, committed; over this project's driver. */
import { countApp } from './count-app.ts';
import { report, Stopwatch } from './measurement.ts';

const [brokers = '', topic = '', expected = '0', groupBy] = process.argv.slice(2);
const total = Number(expected);
const { app, counted, stop } = await countApp(brokers, topic, groupBy);
const watch = new Stopwatch();
await app.start();
/** All is read, counted and committed, behind the repartition too. */
const done = (): boolean =>
  counted() >= total && app.status().partitions.every(({ committed, end }) => committed === end);
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
await stop();
