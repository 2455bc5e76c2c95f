import { MemoryBroker } from '@millrace/streams/testing';
import { expect, test } from 'vitest';
import { systemClock } from '../system-clock.ts';
import { readCandidate } from './candidate.ts';
import { Refusal } from './refusal.ts';
import { settleTopics } from './topics.ts';

const document = (tables: readonly string[]): string => `app: shop
topics:
  orders: { partitions: 2, key: string, value: { item: string } }
tables:
${tables.map((table) => `  ${table}: { key: string, value: { count: count() } }\n`).join('')}agents:
  count:
    from: orders
    steps:
${tables.map((table) => `      - aggregate: ${table}\n`).join('')}`;

test('[P2] a table that its topic would split is refused, also behind a new one, and nothing of it is touched', async () => {
  const broker = new MemoryBroker({ clock: systemClock });
  const admin = broker.transport().admin();
  await admin.createTopics([
    { name: 'orders', partitions: 4, replication: 1 },
    { name: 'shop-counts-changelog', partitions: 2, replication: 1 },
  ]);
  const halted: string[] = [];
  const settling = settleTopics(admin, readCandidate('shop', 2, document(['fresh', 'counts'])), async () => {
    halted.push('halted');
  });
  await expect(settling).rejects.toThrow(Refusal);
  await expect(settling).rejects.toThrow(
    'orders has 4 partitions in Kafka, and counts is kept by 2: records of one key would be counted in two places.',
  );
  expect(halted).toEqual([]);
  expect(
    (await admin.describeTopics(['shop-counts-changelog', 'shop-fresh-changelog'])).map(({ name }) => name),
  ).toEqual(['shop-counts-changelog']);
});

test('[P2] a new table is made for the partitions that its topic has', async () => {
  const broker = new MemoryBroker({ clock: systemClock });
  const admin = broker.transport().admin();
  await admin.createTopics([{ name: 'orders', partitions: 4, replication: 1 }]);
  const { said } = await settleTopics(admin, readCandidate('shop', 1, document(['fresh'])), async () => undefined);
  expect(said).toEqual(['orders has 4 partitions in Kafka; the document says 2']);
  expect((await admin.describeTopics(['shop-fresh-changelog']))[0]?.partitions).toBe(4);
});
