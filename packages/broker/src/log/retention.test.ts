import { expect, test } from 'vitest';
import { LogRig, readText } from './log-rig.ts';
import { applyRetention } from './retention.ts';

test('segments go when their newest record is older than retention.ms', async () => {
  const rig = new LogRig({ 'retention.ms': '1000' });
  const log = await rig.open();
  await log.append(rig.batch('old'));
  await log.roll();
  rig.clock.advance(900);
  await log.append(rig.batch('newer'));
  rig.clock.advance(200);
  await applyRetention(log, rig.clock.now());
  expect(await readText(log)).toEqual(['1:newer']);
  expect(rig.logFiles()).toHaveLength(1);
});

test('when everything has expired the log is empty and goes on at its end, also after a restart', async () => {
  const rig = new LogRig({ 'retention.ms': '1000' });
  const log = await rig.open();
  await log.append(rig.batch('a', 'b'));
  rig.clock.advance(5_000);
  await applyRetention(log, rig.clock.now());
  for (const opened of [log, await rig.open()]) expect([opened.startOffset, opened.endOffset]).toEqual([2n, 2n]);
});

test('the oldest segments go while the log is larger than retention.bytes', async () => {
  const rig = new LogRig({ 'retention.bytes': '250', 'segment.bytes': '100' });
  const log = await rig.open();
  for (let i = 0; i < 10; i += 1) await log.append(rig.batch(`value ${i}`));
  await applyRetention(log, rig.clock.now());
  expect(log.sizeBytes).toBeGreaterThanOrEqual(250);
  expect(log.sizeBytes).toBeLessThan(350);
  expect(await readText(log)).toContain('9:value 9');
});
