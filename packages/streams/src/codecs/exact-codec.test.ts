import { type Codec as CodecName, canonicalJson, parseType, type Type, writeJson } from '@millrace/spec';
import { expect, test } from 'vitest';
import { documentOf } from '../testing/processor-driver.ts';
import { type Codec, compileCodec, compileTopicCodec } from './codec.ts';
import { FlatJsonReader } from './flat-json.ts';

const document = documentOf(`
app: exact
models:
  Sale:
    id: long
    amount: { type: decimal, optional: true, max: 1000 }
    rate: double?
    n: int?
    limit: { type: long, default: "9007199254740993" }
    big: { type: long, optional: true, min: "9007199254740993" }
topics:
  sales: { partitions: 1, key: long, value: Sale }
agents: {}
`);
const { value: codec } = compileTopicCodec(document, 'sales');
const typeOf = (text: string): Type => {
  const parsed = parseType(text);
  if ('message' in parsed) throw new Error(parsed.message);
  return parsed.type;
};
const decode = (text: string) => codec.decode(Buffer.from(text));
const decoded = (codecOf: Codec, bytes: Buffer): unknown => {
  const read = codecOf.decode(bytes);
  if (!read.ok) throw new Error(read.reason);
  return read.value;
};

test.each([
  ['{"id":9223372036854775808}', 'id is not a whole number of 64 bits: 9223372036854775808'],
  ['{"id":1.5}', 'id is not a whole number of 64 bits: 1.5'],
  ['{"id":1e400}', 'id is not a whole number of 64 bits: 1e400'],
  ['{"id":"abc"}', 'id is not a whole number of 64 bits: "abc"'],
  ['{"id":1,"rate":1e400}', 'rate is larger than a double can be: 1e400'],
  ['{"id":1,"n":2147483648}', 'n is not a whole number of 32 bits: 2147483648'],
  ['{"id":1,"amount":1e1000000}', 'amount has more than 100 digits on a side of its point: 1e1000000'],
  ['{"id":1,"amount":"abc"}', 'amount is not a decimal: "abc"'],
  ['{"id":1,"amount":1000.01}', 'amount is above 1000: 1000.01'],
  ['{"id":1,"big":9007199254740992}', 'big is below 9007199254740993: 9007199254740992'],
])('[N4] %s does not decode, and says why: %s', (text, reason) => {
  expect(decode(text)).toEqual({ ok: false, reason });
});

test.each([
  ['{"id":-9223372036854775808}', -9223372036854775808n],
  ['{"id":9223372036854775807}', 9223372036854775807n],
  ['{"id":9007199254740992}', 9007199254740992n],
  ['{"id":9007199254740991}', 9007199254740991],
  ['{"id":5.0}', 5],
  ['{"id":1e3}', 1000],
])('[N1] the long of %s', (text, id) => {
  expect(decode(text)).toMatchObject({ ok: true, value: { id, limit: 9007199254740993n } });
});

test('[N2] what is decoded is encoded digit by digit the same, whether the model names it or not', () => {
  const text =
    '{"id":9007199254740993,"amount":"1.10","rate":0.5,"n":1,"limit":1,"big":null,"more":[1.50,123456789012345678901234567890,1e400,{"__proto__":-0}]}';
  expect(codec.encode(decoded(codec, Buffer.from(text)))?.toString()).toBe(text);
});

test('[N2] a decimal comes back as the number or the text it was', () => {
  for (const amount of ['1.10', '"1.10"', '"+1.5"', '1e2', '0.10000000000000000000'])
    expect(codec.encode(decoded(codec, Buffer.from(`{"id":1,"amount":${amount}}`)))?.toString()).toContain(
      `"amount":${amount}`,
    );
});

test('[N1] decimals are read straight out of the bytes as parsing reads them', () => {
  const plain = FlatJsonReader.for(
    { amount: { type: { kind: 'decimal' }, optional: false, sensitive: false } },
    new Set(['amount']),
  );
  expect(writeJson(plain?.read(Buffer.from('{"amount":1.10}')))).toBe('{"amount":1.10}');
});

const bad = Buffer.from([0x61, 0xff, 0x62]);

test.each<[string, CodecName]>([
  ['string', 'string'],
  ['long', 'string'],
  ['string', 'json'],
  ['uuid', 'uuid'],
])('[N6] bytes that are not UTF-8 are no %s in the codec %s', (type, name) => {
  const key = compileCodec(typeOf(type), name, document, 'key');
  expect(key.decode(bad)).toEqual({ ok: false, reason: 'the key is not UTF-8 text: byte 1 is 0xff' });
});

test('[N6] a text that ends in the midst of a character says where', () => {
  expect(decode(`{"id":1,"x":"€"}`).ok).toBe(true);
  expect(codec.decode(Buffer.from('€').subarray(0, 2))).toEqual({
    ok: false,
    reason: 'the value is not UTF-8 text: byte 1 is 0x82',
  });
});

test.each<[string, CodecName, string, unknown]>([
  ['int', 'int32', 'fffffffe', -2],
  ['long', 'int32', '0000007b', 123],
  ['long', 'int64', '0020000000000001', 9007199254740993n],
  ['long', 'int64', '8000000000000000', -9223372036854775808n],
  ['timestamp', 'int64', '0000018bcfe56800', 1_700_000_000_000],
  ['double', 'double', '3ff8000000000000', 1.5],
  [
    'uuid',
    'uuid',
    Buffer.from('3f2504e0-4f89-11d3-9a0c-0305e82c3301').toString('hex'),
    '3f2504e0-4f89-11d3-9a0c-0305e82c3301',
  ],
])("[N7] a %s in Kafka's %s: %s", (type, name, hex, value) => {
  const binary = compileCodec(typeOf(type), name, document, 'key');
  expect(decoded(binary, Buffer.from(hex, 'hex'))).toEqual(value);
  expect(binary.encode(value)?.toString('hex')).toBe(hex);
});

test('[N7] 16 bytes are a uuid, too', () => {
  const key = compileCodec({ kind: 'uuid' }, 'uuid', document, 'key');
  expect(decoded(key, Buffer.from('3f2504e04f8911d39a0c0305e82c3301', 'hex'))).toBe(
    '3f2504e0-4f89-11d3-9a0c-0305e82c3301',
  );
});

test.each<[string, CodecName, string, string]>([
  ['int', 'int32', '00', 'the key has 1 byte, not the 4 of int32'],
  ['long', 'int64', '00000000', 'the key has 4 bytes, not the 8 of int64'],
  ['double', 'double', '7ff8000000000000', 'the key is NaN, which is no number'],
  ['uuid', 'uuid', '6162', 'the key is not a UUID: "ab"'],
])("[N7] what is no %s in Kafka's %s says so", (type, name, hex, reason) => {
  const binary = compileCodec(typeOf(type), name, document, 'key');
  expect(binary.decode(Buffer.from(hex, 'hex'))).toEqual({ ok: false, reason });
});

test('[N7] what a binary codec cannot hold is refused in words', () => {
  expect(() => compileCodec({ kind: 'long' }, 'int32', document, 'key').encode(2147483648)).toThrow(
    '2147483648 is no int32',
  );
});

test('[N8] a composed key has one form, whatever the order of its fields and the way its numbers came', () => {
  const type = typeOf('map<decimal>');
  const key = compileCodec(type, 'json', document, 'key');
  for (const text of ['{"b":1.0,"a":"2.50"}', '{ "a": 2.5, "b": 1 }', '{"b":1e0,"a":25e-1}'])
    expect(key.encode(decoded(key, Buffer.from(text)))?.toString()).toBe('{"a":2.5,"b":1}');
  expect(canonicalJson({ '\u{1F600}': 1, '\uFB33': 2 })).toBe('{"\u{1F600}":1,"\uFB33":2}');
});

test('[N8] a decimal key in text has one form', () => {
  const key = compileCodec({ kind: 'decimal' }, 'string', document, 'key');
  for (const text of ['1.0', '1.00', '1', '+1', '1e0'])
    expect(key.encode(decoded(key, Buffer.from(text)))?.toString()).toBe('1');
});
