import { expect } from 'vitest';
import { offsetFetch } from '../src/apis/09-offset-fetch.ts';
import { describeGroups } from '../src/apis/15-describe-groups.ts';
import { listGroups } from '../src/apis/16-list-groups.ts';
import { offsetDelete } from '../src/apis/47-offset-delete.ts';
import { ErrorCode } from '../src/wire/error-code.ts';
import { commit, joined } from './membership.ts';
import { conforms, readiness, target } from './target.ts';

const t = target();

conforms(
  'OffsetFetch knows several groups from version 8 on, and answers -1 for one that never committed',
  async () => {
    const client = await t.raw();
    const [topic, known, unknown] = [await t.topic(), await t.group(), await t.group()];
    await commit(client, known, topic, {}, 7n);
    const topics = [{ name: topic, partitions: [0] }];
    const { groups } = await client.call(offsetFetch, 8, {
      ...offsetFetch.request.empty,
      groups: [known, unknown].map((groupId) => ({ groupId, topics })),
    });
    const offsets = groups.map(({ groupId, errorCode, topics: answered }) => [
      groupId,
      errorCode,
      answered[0]?.partitions[0]?.offset,
    ]);
    expect(offsets).toEqual([
      [known, ErrorCode.none, 7n],
      [unknown, ErrorCode.none, -1n],
    ]);
  },
);

conforms('the offsets of a deleted topic are forgotten', async () => {
  const client = await t.raw();
  const [kept, dropped, groupId] = [await t.topic(), await t.topic(), await t.group()];
  for (const topic of [kept, dropped]) await commit(client, groupId, topic, {}, 3n);
  await t.admin.deleteTopics({ topics: [dropped] });
  const committed = async () => {
    const request = { ...offsetFetch.request.empty, groups: [{ groupId, topics: null }] };
    return (await client.call(offsetFetch, 8, request)).groups[0]?.topics.map(({ name }) => name);
  };
  await expect.poll(committed, readiness).toEqual([kept]);
});

conforms('offsets of a topic that members read can not be deleted', async () => {
  const client = await t.raw();
  const [topic, groupId] = [await t.topic(), await t.group()];
  const consumer = t.kafka().consumer({ groupId, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic });
  await consumer.run({ eachMessage: async () => {} });
  const state = async () => (await t.admin.describeGroups([groupId])).groups[0]?.state;
  await expect.poll(state, readiness).toBe('Stable');
  const topics = [{ name: topic, partitions: [{ index: 0 }] }];
  const answer = await client.call(offsetDelete, 0, { groupId, topics });
  expect(answer.topics[0]?.partitions[0]?.errorCode).toBe(ErrorCode.groupSubscribedToTopic);
  await consumer.disconnect();
});

conforms('groups are listed by state and by type', async () => {
  const client = await t.raw();
  const [topic, empty, stable] = [await t.topic(), await t.group(), await t.group()];
  await commit(client, empty, topic);
  await joined(client, stable);
  const listed = async (statesFilter: string[], typesFilter: string[] = []) => {
    const { groups } = await client.call(listGroups, 5, { statesFilter, typesFilter });
    return groups
      .filter(({ groupId }) => groupId === empty || groupId === stable)
      .map(({ groupId, state, type, protocolType }) => [groupId, state, type, protocolType]);
  };
  const [emptyGroup, stableGroup] = [
    [empty, 'Empty', 'classic', ''],
    [stable, 'Stable', 'classic', 'consumer'],
  ];
  expect((await listed([])).toSorted()).toEqual([emptyGroup, stableGroup].toSorted());
  expect(await listed(['stable'])).toEqual([stableGroup]);
  expect(await listed(['Empty'], ['classic'])).toEqual([emptyGroup]);
  expect(await listed([], ['consumer'])).toEqual([]);
});

conforms('an unknown group is an error from version 6 of DescribeGroups on', async () => {
  const client = await t.raw();
  const groupId = await t.group();
  const described = async (version: number) => {
    const request = { groups: [groupId], includeAuthorizedOperations: false };
    return (await client.call(describeGroups, version, request)).groups[0];
  };
  expect(await described(5)).toMatchObject({ errorCode: ErrorCode.none, state: 'Dead' });
  expect(await described(6)).toMatchObject({
    errorCode: ErrorCode.groupIdNotFound,
    errorMessage: `Group ${groupId} not found.`,
    state: 'Dead',
  });
});
