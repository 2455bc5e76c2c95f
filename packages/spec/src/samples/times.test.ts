import { expect, test } from 'vitest';
import { formatType, parseType } from '../document/type-text.ts';
import { modelFromSamples } from './model-from-samples.ts';

test.each([
  ['ts', 1_790_000_000, 'timestamp(s)'],
  ['ts', 1_790_000_000.5, 'timestamp(s)'],
  ['ts', 1_790_000_000_123, 'timestamp'],
  ['created_at', 1_790_000_000_123_456, 'timestamp(us)'],
  ['time', 1_790_000_000_123_456_789n, 'timestamp(ns)'],
  ['at', '2026-09-21T14:13:20+02:00', 'timestamp(iso)'],
  ['orderId', 1_790_000_000, 'long'],
  ['tweet', 1_790_000_000_123_456_789n, 'long'],
  ['amount', 1.5, 'double'],
])('a field %s with %s is a %s', (name, value, type) => {
  expect(modelFromSamples([{ [name]: value }, { [name]: value }], 'M').fields[name]).toBe(type);
});

test('times in several units are numbers; ms and text are read by one type', () => {
  const guess = (...values: unknown[]) =>
    modelFromSamples(
      values.map((ts) => ({ ts })),
      'M',
    ).fields['ts'];
  expect(guess(1_790_000_000_123, '2026-09-21T14:13:20Z')).toBe('timestamp');
  expect(guess(1_790_000_000_123, 7)).toBe('long');
});

test('a timestamp says its unit in parentheses, milliseconds need none', () => {
  for (const text of [
    'timestamp',
    'timestamp(s)',
    'timestamp(us)',
    'timestamp(ns)',
    'timestamp(iso)',
    'list<timestamp(us)>',
  ]) {
    const parsed = parseType(`${text}?`);
    expect('type' in parsed && [formatType(parsed.type), parsed.optional]).toEqual([text, true]);
  }
  expect(parseType('timestamp(ms)')).toEqual({ type: { kind: 'timestamp' }, optional: false });
  expect(parseType('timestamp(minutes)')).toMatchObject({
    message: 'a timestamp is in s, ms, us, ns or iso: timestamp(us)',
  });
});
