import { expect } from 'vitest';
import { batchOf } from '../conformance/record-batches.ts';
import { produceBatch } from '../conformance/requests.ts';
import { conforms, readiness, target } from '../conformance/target.ts';
import { offsetCommit } from '../src/apis/08-offset-commit.ts';
import { withClient } from './client-program.ts';
import { kafkaTools, kafkaToolsProgram, linesOf, rowsOf } from './kafka-tools.ts';

const t = target();

withClient(kafkaToolsProgram, () => {
  const tool = kafkaTools(t);
  const groups = (...args: string[]) => tool('groups', args);

  /** A topic of two partitions with three records each, and a group that has read two and one of them. */
  async function behind() {
    const topic = await t.topic(2);
    const group = await t.group();
    const client = await t.raw();
    for (const partition of [0, 1])
      await produceBatch(client, topic, batchOf({ values: ['a', 'b', 'c'] }), { partition });
    const commits = [2n, 1n].map((offset, index) => ({ index, offset, leaderEpoch: -1, metadata: null }));
    await client.call(offsetCommit, 7, {
      ...offsetCommit.request.empty,
      groupId: group,
      generationId: -1,
      topics: [{ name: topic, partitions: commits }],
    });
    return { topic, group };
  }
  /** The rows of a table without its title, by the partition in their third column. */
  const byPartition = (out: string) =>
    rowsOf(out)
      .slice(1)
      .toSorted((a, b) => Number(a[2]) - Number(b[2]));
  const offsetsOf = async (groupId: string, topic: string) => {
    const [fetched] = await t.admin.fetchOffsets({ groupId, topics: [topic] });
    return fetched?.partitions.toSorted((a, b) => a.partition - b.partition).map(({ offset }) => offset);
  };
  const reset = (group: string, ...args: string[]) => groups('--reset-offsets', '--group', group, ...args);

  conforms('kafka-consumer-groups lists groups with their states and types', async () => {
    const { group } = await behind();
    expect(linesOf((await groups('--list')).out)).toContain(group);
    expect(rowsOf((await groups('--list', '--state')).out)).toContainEqual([group, 'Empty']);
    expect(rowsOf((await groups('--list', '--type')).out)).toContainEqual([group, 'Classic']);
    expect(rowsOf((await groups('--list', '--type', 'consumer')).out)).not.toContainEqual([group, 'Classic']);
    expect(linesOf((await groups('--list', '--state', 'Stable')).out).join()).not.toContain(group);
    expect(rowsOf((await tool('allGroups', ['--list'])).out)).toContainEqual([group, 'Classic']);
  });

  conforms('kafka-consumer-groups shows how far a group without members is behind', async () => {
    const { topic, group } = await behind();
    const { out, err } = await groups('--describe', '--group', group);
    const rows = byPartition(out);
    expect(rows).toEqual([
      [group, topic, '0', '2', '3', '1', '-', '-', '-'],
      [group, topic, '1', '1', '3', '2', '-', '-', '-'],
    ]);
    expect(err).toContain(`Consumer group '${group}' has no active members.`);
    const state = rowsOf((await groups('--describe', '--group', group, '--state')).out).at(-1);
    expect([state?.[0], ...(state?.slice(-2) ?? [])]).toEqual([group, 'Empty', '0']);
  });

  conforms('kafka-consumer-groups shows the members of a group and what they have', async () => {
    const topic = await t.topic(3);
    const group = await t.group();
    const consumer = t.kafka({ clientId: 'member-one' }).consumer({ groupId: group, maxWaitTimeInMs: 100 });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({ eachMessage: async () => {} });
    const state = async () =>
      rowsOf((await groups('--describe', '--group', group, '--state')).out)
        .at(-1)
        ?.slice(-3);
    await expect.poll(state, readiness).toEqual(['RoundRobinAssigner', 'Stable', '1']);
    const [, member = []] = rowsOf((await groups('--describe', '--group', group, '--members', '--verbose')).out);
    expect(member[1]).toMatch(/^member-one-/);
    expect(member.slice(2, 5)).toEqual(['/127.0.0.1', 'member-one', '3']);
    expect(member.join(' ')).toContain(`${topic}:0,1,2`);
    const [, ...rows] = rowsOf((await groups('--describe', '--group', group)).out);
    expect(rows.map((row) => row.slice(-2))).toEqual(Array(3).fill(['/127.0.0.1', 'member-one']));
    const busy = await groups('--delete', '--group', group);
    expect(busy.out).toContain('GroupNotEmptyException');
    expect((await reset(group, '--topic', topic, '--to-earliest', '--execute')).out).toContain(
      'Assignments can only be reset if the group',
    );
    await consumer.disconnect();
  });

  conforms('kafka-consumer-groups tries a reset without doing it, and does it', async () => {
    const { topic, group } = await behind();
    const tried = await reset(group, '--topic', topic, '--to-earliest', '--dry-run');
    const expected = [
      [group, topic, '0', '0'],
      [group, topic, '1', '0'],
    ];
    expect(byPartition(tried.out)).toEqual(expected);
    expect(await offsetsOf(group, topic)).toEqual(['2', '1']);
    const done = await reset(group, '--topic', topic, '--to-earliest', '--execute');
    expect(byPartition(done.out)).toEqual(expected);
    expect(await offsetsOf(group, topic)).toEqual(['0', '0']);
  });

  conforms('kafka-consumer-groups resets to the end, by steps, to an offset and by time', async () => {
    const { topic, group } = await behind();
    const after = async (...args: string[]) => {
      expect((await reset(group, ...args, '--execute')).status).toBe(0);
      return offsetsOf(group, topic);
    };
    expect(await after('--topic', topic, '--to-latest')).toEqual(['3', '3']);
    expect(await after('--topic', `${topic}:0`, '--shift-by', '-2')).toEqual(['1', '3']);
    expect(await after('--topic', topic, '--to-offset', '2')).toEqual(['2', '2']);
    expect(await after('--topic', topic, '--by-duration', 'PT1H')).toEqual(['0', '0']);
    expect(await after('--topic', topic, '--by-duration', 'PT0S')).toEqual(['3', '3']);
    expect(await after('--all-topics', '--to-datetime', '2020-01-01T00:00:00.000')).toEqual(['0', '0']);
    const { out } = await reset(group, '--topic', topic, '--to-current', '--export', '--dry-run');
    expect(linesOf(out).toSorted()).toEqual([`${topic},0,0`, `${topic},1,0`]);
  });

  conforms('a reset makes a group that was not there', async () => {
    const { topic } = await behind();
    const group = await t.group();
    expect((await reset(group, '--topic', topic, '--to-latest', '--execute')).status).toBe(0);
    expect(await offsetsOf(group, topic)).toEqual(['3', '3']);
  });

  conforms('kafka-consumer-groups deletes offsets, then the group', async () => {
    const { topic, group } = await behind();
    const deleted = await groups('--delete-offsets', '--group', group, '--topic', `${topic}:0`);
    expect(rowsOf(deleted.out)).toContainEqual([topic, '0', 'Successful']);
    expect(await offsetsOf(group, topic)).toEqual(['-1', '1']);
    expect((await groups('--delete', '--group', group)).out).toBe(
      `Deletion of requested consumer groups ('${group}') was successful.\n`,
    );
    const again = await groups('--delete', '--group', group);
    expect(again.out).toContain(`Group '${group}' could not be deleted due to: `);
    expect(again.out).toContain('GroupIdNotFoundException: The group id does not exist.');
    const gone = await groups('--describe', '--group', group);
    expect(gone.out).toContain(`GroupIdNotFoundException: Group ${group} not found.`);
  });
});
