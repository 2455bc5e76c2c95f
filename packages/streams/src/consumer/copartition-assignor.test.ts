import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AssignedMember, assignCopartitioned, type PartitionsByTopic } from './copartition-assignor.ts';
import { mergeGroups } from './topic-groups.ts';

const groups = [['logins', 'users'], ['clicks']];
const counts = new Map([
  ['logins', 4],
  ['users', 4],
  ['clicks', 3],
]);
const topics = new Set(groups.flat());
const member = (id: string, held: PartitionsByTopic = {}, generation = -1): AssignedMember => ({
  id,
  topics,
  held,
  generation,
});
const pairs = (own: PartitionsByTopic): string[] =>
  Object.entries(own).flatMap(([topic, ids]) => ids.map((partition) => `${topic}/${partition}`));

const memberIds = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), { minLength: 1 });
const twoRounds = fc.record({
  before: memberIds,
  after: memberIds,
  partitions: fc.array(fc.integer({ min: 1, max: 13 }), { minLength: 1, maxLength: 4 }),
});

/** Assigns to `before`, then to `after`, whose members say what they hold. */
function rounds({ before, after, partitions }: { before: string[]; after: string[]; partitions: number[] }) {
  const groups = partitions.map((_, g) => [`left-${g}`, `right-${g}`]);
  const topics = new Set(groups.flat());
  const counts = new Map(groups.flatMap((group, g) => group.map((topic) => [topic, partitions[g] ?? 0] as const)));
  const first = assignCopartitioned(
    before.map((id) => ({ id, topics, held: {}, generation: -1 })),
    groups,
    counts,
  );
  const members = after.map((id) => ({ id, topics, held: first.get(id) ?? {}, generation: first.has(id) ? 1 : -1 }));
  return { groups, counts, first, second: assignCopartitioned(members, groups, counts) };
}

test('every partition goes to exactly one member, and copartitioned topics stay together', () => {
  fc.assert(
    fc.property(twoRounds, (input) => {
      const { groups, counts, second } = rounds(input);
      const given = [...second.values()].flatMap(pairs);
      const all = groups
        .flat()
        .flatMap((topic) => Array.from({ length: counts.get(topic) ?? 0 }, (_, p) => `${topic}/${p}`));
      expect([...given].sort()).toEqual(all.sort());
      for (const own of second.values())
        for (const [left = '', right = ''] of groups) expect(own[left]).toEqual(own[right]);
    }),
  );
});

test('members with the same topics differ by one task at most', () => {
  fc.assert(
    fc.property(twoRounds, (input) => {
      const { second } = rounds(input);
      const sizes = [...second.values()].map((own) => pairs(own).length / 2);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
  );
});

test('a member keeps what it holds: only what balance asks for moves', () => {
  fc.assert(
    fc.property(twoRounds, (input) => {
      const { first, second } = rounds(input);
      const total = [...second.values()].reduce((sum, own) => sum + pairs(own).length / 2, 0);
      const share = Math.floor(total / input.after.length);
      for (const [id, own] of second) {
        const before = new Set(pairs(first.get(id) ?? {}));
        const kept = pairs(own).filter((pair) => before.has(pair)).length / 2;
        expect(kept).toBeGreaterThanOrEqual(Math.min(before.size / 2, share));
      }
    }),
  );
});

test('the order in which members are given does not matter', () => {
  const members = [member('b', { clicks: [0] }, 3), member('a'), member('c', { logins: [1], users: [1] }, 3)];
  const one = assignCopartitioned(members, groups, counts);
  const other = assignCopartitioned([...members].reverse(), [...groups].reverse(), counts);
  expect(Object.fromEntries(other)).toEqual(Object.fromEntries(one));
});

test('of two members that claim a partition, the one of the newer generation keeps it', () => {
  const stale = member('a', { clicks: [0, 1, 2] }, 4);
  const fresh = member('b', { clicks: [0] }, 5);
  const assignment = assignCopartitioned([stale, fresh], [['clicks']], counts);
  expect(assignment.get('b')?.['clicks']).toContain(0);
});

test('during a roll-out, a topic that only some members read goes to them', () => {
  const old: AssignedMember = { id: 'a', topics: new Set(['logins']), held: {}, generation: -1 };
  const assignment = assignCopartitioned([old, member('b')], [['logins', 'users'], ['clicks']], counts);
  expect(assignment.get('a')).toEqual({});
  expect(assignment.get('b')).toEqual({ logins: [0, 1, 2, 3], users: [0, 1, 2, 3], clicks: [0, 1, 2] });
});

test('during a roll-out that groups topics otherwise, every partition still goes to one member', () => {
  const members = fc.array(fc.shuffledSubarray(['logins', 'users', 'clicks'], { minLength: 1 }), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(members, fc.nat(2), (subscriptions, cut) => {
      const copartitioned = subscriptions.map((topics) => [topics.slice(0, cut), topics.slice(cut)]);
      const group = subscriptions.map((topics, m) => ({ ...member(`m${m}`), topics: new Set(topics) }));
      const given = assignCopartitioned(group, mergeGroups([], copartitioned), counts);
      const all = [...new Set(subscriptions.flat())].flatMap((topic) =>
        Array.from({ length: counts.get(topic) ?? 0 }, (_, partition) => `${topic}/${partition}`),
      );
      expect([...given.values()].flatMap(pairs).sort()).toEqual(all.sort());
      for (const { id, topics } of group)
        for (const topic of Object.keys(given.get(id) ?? {})) expect(topics).toContain(topic);
    }),
  );
});

test('topics may be named as what every object has', () => {
  const own = new Set(['constructor', '__proto__']);
  const group = [{ id: 'a', topics: own, held: {}, generation: -1 }];
  const given = assignCopartitioned(group, [[...own]], new Map([...own].map((topic) => [topic, 1])));
  expect(Object.entries(given.get('a') ?? {}).sort()).toEqual([
    ['__proto__', [0]],
    ['constructor', [0]],
  ]);
});
