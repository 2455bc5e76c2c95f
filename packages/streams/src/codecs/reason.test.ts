import type { Type } from '@millrace/spec';
import { expect, test } from 'vitest';
import { compileCodec } from './codec.ts';
import { boundedReason } from './reason.ts';

const long = { type: { kind: 'long' as const }, optional: false, sensitive: false };
const value: Type = { kind: 'record', fields: { n: long } };
const decode = (bytes: Buffer | string, type: Type = value) =>
  compileCodec(type, 'json', { models: {} }, 'value').decode(Buffer.from(bytes));
const reasonOf = (bytes: Buffer | string, type?: Type): string => {
  const decoded = decode(bytes, type);
  return decoded.ok ? 'it decodes' : decoded.reason;
};

test('[D10] a byte order mark is read over', () => {
  expect(decode(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('{"n":1}')]))).toEqual({
    ok: true,
    value: { n: 1 },
  });
});

test.each([
  ['', 'the record is empty'],
  [' \n', 'the record is blank'],
  ['{"n":NaN}', 'not JSON: n is NaN, a number that JSON does not have; write null instead'],
  ['{"a":"NaN","n" : -Infinity }', 'not JSON: n is -Infinity, a number that JSON does not have; write null instead'],
  ['[1,NaN]', 'not JSON: a value is NaN, a number that JSON does not have; write null instead'],
  ['{"n":1', 'not JSON: "{\\"n\\":1"'],
  ['{"n":"12"}', 'n is not a whole number of 64 bits: "12"'],
  ['['.repeat(6_000), 'the value is nested deeper than 1000'],
  ['['.repeat(3_000) + ']'.repeat(3_000), 'the value is nested deeper than 1000'],
])('[D10] a reason says what is there: %.20s', (text, reason) => {
  expect(reasonOf(text)).toBe(reason);
});

test('[D10] the framings of other serializers are named', () => {
  const avro = Buffer.from([0, 0, 0, 0, 42, 2, 6, 102, 111, 111]);
  expect(reasonOf(avro)).toBe(
    "not JSON: framed for a schema registry (magic byte 0, schema id 42), as Confluent's Avro serializer writes it",
  );
  expect(reasonOf(Buffer.from('\ufeff{"n":1}', 'utf16le'))).toBe(
    'not JSON: UTF-16 text (by its byte order mark), where UTF-8 is due',
  );
});

test('[D10] a reason is bounded, its beginning and its end stay', () => {
  const name = 'x'.repeat(100_000);
  const reason = reasonOf(JSON.stringify({ [name]: { n: 'no' } }), { kind: 'map', values: value });
  expect(reason).toHaveLength(500);
  expect(reason.endsWith('x.n is not a whole number of 64 bits: "no"')).toBe(true);
  expect(boundedReason(`${'a'.repeat(378)}😀${'b'.repeat(500)}`)).not.toMatch(/[\uD800-\uDFFF]/);
});
