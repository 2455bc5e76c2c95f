import { expect, test } from 'vitest';
import { ProcessorDriver } from '../testing/processor-driver.ts';

const nowMs = Date.UTC(2026, 5, 1);
const dayMs = 86_400_000;

test('[O10] what is older than its topic keeps is sent, counted and said', () => {
  const driver = new ProcessorDriver(`
app: copy
topics:
  in: { partitions: 1, key: string, value: { ts: timestamp }, eventTime: value.ts }
  out: { partitions: 1, key: string, value: { ts: timestamp } }
agents:
  copy: { from: in, steps: [ { send: out } ] }
`);
  driver.nowMs = nowMs;
  const at = (days: number) => ({ key: 'k', value: { ts: nowMs - days * dayMs } });
  driver.pipe('in', at(900));
  expect(driver.notices.size).toBe(0);
  driver.kept.set('out', 7 * dayMs);
  driver.pipe('in', at(900), at(8), at(6));
  driver.pipe('in', at(900));
  expect([...driver.notices.values()]).toEqual([
    'copy/send: 2 records sent to out are older than it keeps (7 d): Kafka deletes them as it comes to look. Give the topic a longer retention, or forever',
  ]);
  expect(driver.sentTo('out')).toHaveLength(5);
});
