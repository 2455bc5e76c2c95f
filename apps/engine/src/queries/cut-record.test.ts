import type { TopicRecord } from '@millrace/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutRecord } from './cut-record.ts';

const record = (value: unknown, more: Partial<TopicRecord> = {}): TopicRecord => {
  const text = JSON.stringify(value);
  return {
    partition: 0,
    offset: '0',
    timestampMs: 0,
    eventTimeMs: null,
    key: null,
    keyText: null,
    value,
    reason: null,
    headers: [],
    sizeBytes: text.length,
    raw: { key: null, value: Buffer.from(text).toString('base64') },
    masked: false,
    tombstone: false,
    cut: false,
    ...more,
  };
};

test('a small record is as it is', () => {
  const small = record({ a: 'x'.repeat(3_000) });
  expect(cutRecord(small)).toBe(small);
});

test('of a large one texts, lists and mappings are cut, each with what is left out, and names stay', () => {
  const cut = cutRecord(record({ text: 'x'.repeat(9_000), list: Array.from({ length: 900 }, () => 1), after: true }));
  expect(cut.cut).toBe(true);
  expect(cut.value).toEqual({
    text: `${'x'.repeat(400)}…`,
    list: [...Array.from({ length: 40 }, () => 1), '… 860 more'],
    after: true,
  });
  expect(cut.raw.value).toHaveLength(1_024);
});

test('many and large headers are cut, in their order', () => {
  const headers = Array.from({ length: 900 }, () => ({ name: 'h', text: 'x'.repeat(9_000) }));
  const cut = cutRecord(
    record(1, { headers: [{ name: 'b', text: null, base64: '/w=='.repeat(900) }, ...headers] }),
  ).headers;
  expect(cut).toHaveLength(41);
  expect([cut[0]?.base64?.length, cut[1]?.text?.length, cut[40]]).toEqual([400, 401, { name: '…', text: '861 more' }]);
});

test('no half of a character is left at a cut', () => {
  const cut = cutRecord(record(`${'x'.repeat(399)}😀${'x'.repeat(9_000)}`));
  expect(cut.value).toBe(`${'x'.repeat(399)}…`);
});

test('whatever the value, its part is small', () => {
  let nested: unknown = 1;
  for (let depth = 0; depth < 5_000; depth += 1) nested = { in: [nested] };
  expect(JSON.stringify(cutRecord(record('', { value: nested, sizeBytes: 99_999 })).value).length).toBeLessThan(300);
  const wide = fc.jsonValue({ maxDepth: 5, stringUnit: 'grapheme' });
  fc.assert(
    fc.property(fc.array(wide, { minLength: 30, maxLength: 200 }), (value) => {
      const part = cutRecord(record(value, { sizeBytes: 99_999 }));
      expect(JSON.stringify(part.value).length).toBeLessThan(40_000);
    }),
  );
});
