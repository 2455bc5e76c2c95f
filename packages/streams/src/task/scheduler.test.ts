import { parseDocument } from '@millrace/spec';
import { expect, test } from 'vitest';
import { assert } from '../assert.ts';
import { countDocument } from '../testing/count-document.ts';
import { testDriver } from '../testing/test-driver.ts';

const passing = () => {
  const parsed = parseDocument(`
app: passing
topics:
  in: { partitions: 1, key: string, value: string }
  out: { partitions: 1, key: string, value: string }
agents:
  pass: { from: in, steps: [{ send: { to: out } }] }
settings: { commit: 1s, buffer: 2000, bufferResume: 0.5 }
`);
  assert(parsed.document, JSON.stringify(parsed.problems));
  return parsed.document;
};

test('[F3] a full producer holds its tasks, their buffers fill to the high mark and pause, and all goes on when it drains', async () => {
  const t = await testDriver(passing());
  const value = 'x'.repeat(8_000);
  t.broker.faults.holdProduce = true;
  const total = 5_000;
  for (let i = 0; i < total; i++) t.topic('in').pipe('k', value, { at: i });
  await t.settle();
  const held = t.status();
  expect(held.producer.full).toBe(true);
  expect(held.partitions[0]).toMatchObject({ paused: true, bufferMax: 2_000 });
  // At most one fetch, 500 records here, above the mark.
  expect(held.partitions[0]?.buffered).toBeGreaterThan(2_000);
  expect(held.partitions[0]?.buffered).toBeLessThanOrEqual(2_500);
  await t.advance(1_000);
  await t.settle();
  expect(t.status().load['pass']?.backpressuredMs).toBeGreaterThan(0);
  t.broker.faults.holdProduce = false;
  t.broker.wake();
  await t.settle();
  expect(t.topic('out').read().length).toBe(total);
  await t.stop();
});

test('[F6] a long backlog is worked off in turns: others come in between', async () => {
  const t = await testDriver(countDocument());
  t.runtime.pause();
  for (let i = 0; i < 20_000; i++) t.topic('in').pipe('k', { n: 1 }, { at: 0 });
  t.runtime.resume();
  const seen = new Set<string>();
  while (t.status().partitions.reduce((sum, { read }) => sum + Number(read), 0) < 20_000) {
    seen.add(
      t
        .status()
        .partitions.map(({ read }) => read)
        .join(),
    );
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  expect(seen.size).toBeGreaterThan(3);
  await t.stop();
});
