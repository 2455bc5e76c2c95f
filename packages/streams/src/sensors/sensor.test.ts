import { expect, test } from 'vitest';
import { countDocument } from '../testing/count-document.ts';
import { testDriver } from '../testing/test-driver.ts';

test('[S2] a sensor sees the way from message-in to commit, in order', async () => {
  const log: string[] = [];
  const t = await testDriver(countDocument({ partitions: 1 }), {
    sensor: {
      stateChanged: (from, to) => log.push(`${from.kind} to ${to.kind}`),
      assigned: (_, partitions) => log.push(`assigned ${partitions.length}`),
      restored: (task, records) => log.push(`restored ${task} ${records}`),
      batchIn: (topic, partition, records) => log.push(`in ${topic}/${partition} ${records}`),
      processed: (task, events) => log.push(`processed ${task} ${events}`),
      sent: (records) => log.push(`sent ${records}`),
      committed: (offsets) => log.push(`committed ${offsets.map(({ topic, offset }) => `${topic} ${offset}`).join()}`),
      revoked: (_, lost) => log.push(`revoked ${lost}`),
    },
  });
  t.topic('in').pipe('a', { n: 1 }, { at: 0 }).pipe('b', { n: 1 }, { at: 0 });
  await t.settle();
  await t.stop();
  expect(log.filter((line) => !line.startsWith('restoring to restoring'))).toEqual([
    'starting to joining',
    'assigned 1',
    'joining to restoring',
    'restored counting-in/0 0',
    'restoring to running',
    'committed counting-in 0',
    'in counting-in/0 2',
    'processed counting-in/0 2',
    'running to stopping',
    'revoked false',
    'sent 5',
    'sent 1',
    'committed counting-in 2',
    'stopping to stopped',
  ]);
});
