import { expect, test } from 'vitest';
import { type Entity, Outbox } from './outbox.ts';

const entity = (id: string, value: number): Entity & { value: number } => ({ id, type: 'figure', value });

function subscribed(entities: Entity[] = []): Outbox {
  const outbox = new Outbox('s1');
  outbox.resnapshot(() => ({ entities, order: undefined }));
  expect(outbox.take(0)).toMatchObject({ kind: 'snapshot', seq: 0, set: entities });
  outbox.acknowledged();
  return outbox;
}

test('a snapshot comes first, then numbered deltas of what changed', () => {
  const outbox = subscribed([entity('a', 1), entity('b', 1)]);
  outbox.set(entity('a', 2));
  expect(outbox.take(5)).toEqual({
    id: 's1',
    seq: 1,
    kind: 'delta',
    set: [entity('a', 2)],
    remove: [],
    skipped: 0,
    atMs: 5,
  });
  expect(outbox.take(6)).toBeNull();
});

test('values of one entity are conflated to the newest, and those left out are counted', () => {
  const outbox = subscribed();
  for (let value = 1; value <= 10; value++) outbox.set(entity('a', value));
  expect(outbox.take(0)).toMatchObject({ set: [entity('a', 10)], skipped: 9 });
});

test('with two unacknowledged frames nothing is sent; an acknowledgement gives credit for one', () => {
  const outbox = subscribed();
  const sent = [1, 2, 3].map((value) => {
    outbox.set(entity('a', value));
    return outbox.take(0)?.seq ?? null;
  });
  expect(sent).toEqual([1, 2, null]);
  outbox.set(entity('a', 4));
  outbox.acknowledged();
  expect(outbox.take(0)).toMatchObject({ seq: 3, set: [entity('a', 4)], skipped: 1 });
  expect(outbox.take(0)).toBeNull();
});

test('an entity that goes before it was sent is only removed', () => {
  const outbox = subscribed([entity('a', 1)]);
  outbox.set(entity('a', 2));
  outbox.remove('a');
  expect(outbox.take(0)).toMatchObject({ set: [], remove: ['a'] });
});

test('an entity that comes back after its removal is set, not removed', () => {
  const outbox = subscribed([entity('a', 1)]);
  outbox.remove('a');
  outbox.set(entity('a', 3));
  expect(outbox.take(0)).toMatchObject({ set: [entity('a', 3)], remove: [] });
});

test('a new snapshot replaces what was pending, and goes on numbering', () => {
  const outbox = subscribed([entity('a', 1)]);
  outbox.set(entity('a', 2));
  outbox.resnapshot(() => ({ entities: [entity('a', 3)], order: ['a'] }));
  outbox.set(entity('a', 4));
  expect(outbox.take(0)).toMatchObject({ seq: 1, kind: 'snapshot', set: [entity('a', 3)], order: ['a'] });
});
