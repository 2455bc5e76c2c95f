import type { TopicRecord } from '@millrace/protocol';
import { expect, test } from 'vitest';
import { fieldsOf, retentionText, startOf } from './topic-query.ts';

const record = (value: unknown): TopicRecord => ({
  partition: 0,
  offset: '1',
  timestampMs: 0,
  eventTimeMs: null,
  key: null,
  keyText: null,
  value,
  reason: null,
  headers: [],
  sizeBytes: 1,
  raw: { key: null, value: null },
  masked: false,
  tombstone: false,
  cut: false,
});
const field = (name: string) => ({ name, type: 'string', optional: false, sensitive: false });

test('rows show the declared fields without event time, else what the records have', () => {
  const declared = {
    app: 'a',
    topic: 't',
    key: 'string',
    value: 'Login',
    codec: { key: 'json', value: 'json' },
    eventTime: 'value.ts',
    fields: ['ip', 'ts', 'user'].map(field),
  };
  expect(fieldsOf(declared, [])).toEqual(['ip', 'user']);
  expect(fieldsOf(null, [record('text'), record({ a: 1, b: 2 })])).toEqual(['a', 'b']);
  expect(fieldsOf(null, [record('text')])).toEqual([]);
});

test('how long Kafka keeps records is said in the largest unit that fits', () => {
  expect(['604800000', '-1', '5400000', '250', undefined].map((ms) => retentionText(ms))).toEqual([
    { value: '7', unit: 'd' },
    { value: 'for ever' },
    { value: '90', unit: 'min' },
    { value: '250', unit: 'ms' },
    null,
  ]);
});

test('a start that is not filled in yet is the first record', () => {
  expect(startOf('offset', 'x', null)).toEqual({ from: 'offset', offset: '0' });
  expect(startOf('time', '', null)).toEqual({ from: 'time', timeMs: 0 });
});
