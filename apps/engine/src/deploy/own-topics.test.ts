import { compileDataflow } from '@millrace/dataflow';
import { parseDocument } from '@millrace/spec';
import { type TransportAdmin, TransportError } from '@millrace/streams';
import { ManualClock, MemoryBroker } from '@millrace/streams/testing';
import { expect, test } from 'vitest';
import { amendOwnTopics } from './own-topics.ts';

const dataflowOf = () => {
  const { document } = parseDocument(`app: shop
topics: { in: { partitions: 1, key: string, value: { user: string }, retention: 1d } }
tables: { by-user: { key: string, window: { tumbling: 1m }, value: { n: count() } } }
agents: { count: { from: in, steps: [ { group_by: value.user }, { aggregate: by-user } ] } }
`);
  if (document === null) throw new Error('the document is not valid');
  return compileDataflow(document);
};
const repartition = 'shop-count-group_by-repartition';
const adminOf = (): TransportAdmin => new MemoryBroker({ clock: new ManualClock() }).transport().admin();

test("[O9] the app's own topics of an older version get the settings that keep what is written to them; those of people stay as they are", async () => {
  const admin = adminOf();
  const dataflow = dataflowOf();
  await admin.createTopics([
    { name: 'in', partitions: 1, replication: 1, configs: { 'retention.ms': '60000' } },
    {
      name: repartition,
      partitions: 1,
      replication: 1,
      configs: { 'retention.ms': '604800000', 'message.timestamp.after.max.ms': '3600000', 'segment.bytes': '1000000' },
    },
  ]);
  await amendOwnTopics(admin, dataflow);
  expect(await admin.topicConfigs(repartition)).toMatchObject({
    'retention.ms': '-1',
    'message.timestamp.after.max.ms': '9223372036854775807',
    'segment.bytes': '1000000',
  });
  expect(await admin.topicConfigs('in')).toMatchObject({ 'retention.ms': '60000' });
});

test('[O9] a topic of the app that lets go of records and may not be changed is refused, with what to set', async () => {
  const admin = adminOf();
  await admin.createTopics([
    { name: repartition, partitions: 1, replication: 1, configs: { 'retention.ms': '604800000' } },
  ]);
  admin.alterTopic = async () => {
    throw new TransportError('not-authorized', 'no right to alter', { retriable: false });
  };
  await expect(amendOwnTopics(admin, dataflowOf())).rejects.toThrow(/no right to alter\. Set retention\.ms=-1 on it/);
});
