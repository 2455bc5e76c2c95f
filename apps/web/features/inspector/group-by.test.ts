import { applyEdits, parseDocument } from '@millrace/spec';
import { expect, test } from 'vitest';
import { groupBy, partitionsTyped } from './group-by.ts';

const app = (step: string): string => `app: shop
topics:
  orders: { partitions: 2, key: string, value: { item: string } }
tables:
  counts: { key: string, value: { count: count() } }
agents:
  count:
    from: orders
    steps:
      - ${step}
      - aggregate: counts
`;
const path = ['agents', 'count', 'steps', 0, 'group_by'];

test('a number of partitions makes the long form, and none the short one again', () => {
  const long = applyEdits(app('group_by: value.item'), [{ path, value: groupBy('value.item', 4) }]);
  const read = parseDocument(long);
  expect(read.problems).toEqual([]);
  expect(read.document?.agents['count']?.steps[0]).toMatchObject({ op: 'group_by', key: 'value.item', partitions: 4 });
  expect(applyEdits(long, [{ path, value: groupBy('value.item', undefined) }])).toContain('- group_by: value.item\n');
});

test('the key of the long form is edited where it stands, and the number stays', () => {
  const edited = applyEdits(app('group_by: { key: value.item, partitions: 4 }'), [
    { path: [...path, 'key'], value: 'key' },
  ]);
  expect(parseDocument(edited).document?.agents['count']?.steps[0]).toMatchObject({ key: 'key', partitions: 4 });
});

test('nothing typed is no number of its own; what Kafka does not take is not written', () => {
  expect([partitionsTyped(' '), partitionsTyped('12'), partitionsTyped('1,000')]).toEqual([null, 12, 1000]);
  for (const text of ['0', '-1', '2.5', 'many', '10001']) expect(partitionsTyped(text)).toBeUndefined();
});
