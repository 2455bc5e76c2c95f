import { expect, test } from 'vitest';
import { systemClock } from '../../testing/system-clock.ts';
import { text } from '../../testing/transport-suite/transport-rig.ts';
import { transportSuite } from '../../testing/transport-suite.ts';
import { murmur2 } from '../partitioner.ts';
import { MemoryBroker } from './memory-broker.ts';

const broker = new MemoryBroker({ clock: systemClock });
transportSuite(
  'memory',
  () => broker.transport(),
  async (topic) => {
    const transaction = broker.transaction();
    return {
      send: async (values) => transaction.send(values.map((value) => ({ ...text(topic, 'k', value), partition: 0 }))),
      commit: async () => transaction.commit(),
      abort: async () => transaction.abort(),
    };
  },
);

// Kafka's own vectors: UtilsTest.testMurmur2.
test.each([
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
])('murmur2 of %s is %i', (text, hash) => {
  expect(murmur2(Buffer.from(text))).toBe(hash);
});
