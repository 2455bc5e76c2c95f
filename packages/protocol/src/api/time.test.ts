import { expect, test } from 'vitest';
import { behindQuery, tableQuery } from './tables.ts';
import { recordsQuery, sendRecords } from './topics.ts';

const reason = (result: {
  readonly error?: { readonly issues: readonly { path: PropertyKey[]; message: string }[] };
}) => result.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');

test.each([
  [1.5, 'takes whole milliseconds since 1970'],
  [1e19, 'is a time that cannot be: at most 8640000000000000 ms'],
  [-1, 'is before 1970, and Kafka has no such timestamps: let a field of the value say it'],
])('a record to send cannot have the timestamp %s', (timestampMs, message) => {
  const sent = (ms: number) => sendRecords.safeParse({ records: [{ value: 1 }, { value: 2, timestampMs: ms }] });
  expect(reason(sent(timestampMs))).toBe(`records.1.timestampMs: ${message}`);
  expect(sent(1_800_000_000_000).success).toBe(true);
});

test('a time that cannot be is refused wherever a query takes one, and one before 1970 is not', () => {
  const queries = [
    (ms: string) => recordsQuery.safeParse({ from: 'time', timeMs: ms }),
    (ms: string) => behindQuery.safeParse({ key: 'k', windowStart: ms }),
    (ms: string) => tableQuery.safeParse({ windows: ms }),
  ];
  for (const query of queries) {
    for (const ms of ['1e19', '1.5', 'NaN', 'yesterday']) expect(query(ms).success).toBe(false);
    expect(query('-5').success).toBe(true);
  }
});
