import { expect, test } from 'vitest';
import { documentOf } from '../testing/processor-driver.ts';
import { testDriver } from '../testing/test-driver.ts';
import { keptMsOf } from './topic-retention.ts';

test.each([
  [{ 'cleanup.policy': 'delete', 'retention.ms': '60000' }, 60_000],
  [{ 'cleanup.policy': 'compact,delete', 'retention.ms': '60000' }, 60_000],
  [{ 'cleanup.policy': 'compact', 'retention.ms': '60000' }, Number.POSITIVE_INFINITY],
  [{ 'cleanup.policy': 'delete', 'retention.ms': '-1' }, Number.POSITIVE_INFINITY],
  [{}, Number.POSITIVE_INFINITY],
])('[O10] a topic with %j keeps its records for %i ms', (configs, ms) => {
  expect(keptMsOf(configs)).toBe(ms);
});

test('[O10] a running app says what it sends to a topic that will not keep it', async () => {
  const t = await testDriver(
    documentOf(`
app: copy
topics:
  in: { partitions: 1, key: string, value: { n: long } }
  out: { partitions: 1, key: string, value: { n: long }, retention: 1d }
agents:
  copy: { from: in, steps: [ { send: out } ] }
`),
    { startMs: Date.UTC(2026, 5, 1) },
  );
  t.topic('in').pipe('k', { n: 1 }, { at: Date.UTC(2024, 0, 1) });
  await t.settle();
  expect(t.status().notices.map(({ words }) => words)).toEqual([
    'copy/send: 1 record sent to out is older than it keeps (1 d): Kafka deletes it as it comes to look. Give the topic a longer retention, or forever',
  ]);
  await t.stop();
});
