import { loginWatch } from '@millrace/spec/testing';
import { expect, test } from 'vitest';
import { checkDocument } from './check-document.ts';

const said = (text: string): string[] =>
  checkDocument(text).problems.map(
    ({ severity, code, path, message, text: place }) =>
      `${severity} ${code} ${path.join('.')} [${place && text.slice(place.start, place.end)}]: ${message}`,
  );

test('[O7] topics that an agent reads together must be partitioned alike', () => {
  const text = loginWatch
    .replace('from: logins', 'from: [logins, more]')
    .replace('topics:', 'topics:\n  more: { partitions: 8, value: LoginAttempt }');
  expect(said(text)).toEqual([
    'error partition-mismatch agents.count-failures.from [from]: Agent count-failures reads topics together that differ in partitions: logins has 4, more has 8',
  ]);
});

test('[O7] and so must what feeds one table, behind repartitions and the changes of another', () => {
  const text = (partitions: number, steps = '') => `app: shop
topics:
  a: { partitions: 2, key: string, value: { n: long } }
  b: { partitions: 4, key: string, value: { n: long } }
tables:
  first: { key: string, value: { n: count() } }
  both: { key: string, value: { n: count() } }
agents:
  one: { from: a, steps: [ ${steps}{ aggregate: first }, { aggregate: both } ] }
  two: { from: b, steps: [ { group_by: { key: key, partitions: ${partitions} } }, { aggregate: both } ] }
`;
  expect(said(text(2))).toEqual([]);
  expect(said(text(3))).toEqual([
    'error partition-mismatch tables.both [both]: Table both is fed by agents whose sources differ in partitions: one has 2, two has 3',
  ]);
  expect(said(text(3, '{ group_by: { key: key, partitions: 3 } }, '))).toEqual([]);
});

test('a text that is no document is followed nowhere', () => {
  expect(checkDocument('- a').flow).toBeNull();
});
