import type { Type } from '@millrace/spec';
import { expect, test } from 'vitest';
import { documentOf } from '../testing/processor-driver.ts';
import { compileCodec, compileTopicCodec } from './codec.ts';

const document = documentOf(`
app: codecs
models:
  Login:
    ok: boolean
    ts: timestamp
    ip: { type: string, minLength: 3 }
    kind: { type: "'a' | 'b'", default: a }
    tries: { type: int, optional: true, min: 1, max: 5 }
    from: { type: string, optional: true, alias: "source" }
    pin: { type: string, optional: true, sensitive: true, pattern: "^[0-9]+$" }
    tags: { type: list<string>, optional: true }
    name: { type: string, optional: true, pattern: "^(a+)+$" }
topics:
  logins: { partitions: 1, key: string, value: Login }
agents: {}
`);
const { value: codec } = compileTopicCodec(document, 'logins');
const good = { ok: true, ts: 5, ip: '10.0.0.1' };
const decode = (value: unknown) => codec.decode(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));

test.each([
  [{ ts: 5, ip: 'abc' }, 'ok is missing'],
  [{ ...good, ok: null }, 'ok is null'],
  [{ ...good, ts: 'yesterday' }, 'ts is not a timestamp: "yesterday"'],
  [{ ...good, ok: 1 }, 'ok is not true or false: 1'],
  [{ ...good, ip: 'x' }, 'ip is shorter than 3: "x"'],
  [{ ...good, tries: 6 }, 'tries is above 5: 6'],
  [{ ...good, tries: 1.5 }, 'tries is not a whole number of 32 bits: 1.5'],
  [{ ...good, kind: 'c' }, 'kind is not one of a, b: "c"'],
  [{ ...good, tags: ['x', 3] }, 'tags[1] is not a text: 3'],
  [{ ...good, name: `${'a'.repeat(40)}!` }, `name does not match ^(a+)+$: "${'a'.repeat(40)}!"`],
  [[], 'the value is not an object: []'],
  ['{"ok":', 'not JSON: "{\\"ok\\":"'],
  ['', 'the record is empty'],
])('[D1] %j does not decode, and says why: %s', (value, reason) => {
  expect(decode(value)).toEqual({ ok: false, reason });
});

test('[D2] a sensitive value does not come out through a reason', () => {
  expect(decode({ ...good, pin: 'secret' })).toEqual({
    ok: false,
    reason: 'pin is not as its field says (the field is sensitive)',
  });
});

test('[D3] defaults, aliases and nulls for what is absent; unknown fields stay; the alias is there again when written', () => {
  const decoded = decode({ ...good, ts: '1970-01-01T00:00:01.5Z', source: 'web', more: 1 });
  // Without what only the encoder sees.
  expect(structuredClone(decoded)).toEqual({
    ok: true,
    value: {
      ok: true,
      ts: 1500,
      ip: '10.0.0.1',
      kind: 'a',
      tries: null,
      from: 'web',
      pin: null,
      name: null,
      tags: null,
      more: 1,
    },
  });
  expect(decoded.ok && JSON.parse(String(codec.encode(decoded.value)))).toMatchObject({
    source: 'web',
    ts: '1970-01-01T00:00:01.5Z',
  });
});

test.each<[Type['kind'], string, unknown]>([
  ['string', 'ä', 'ä'],
  ['long', '-17', -17],
  ['double', '1.5e3', 1500],
  ['boolean', 'true', true],
  ['timestamp', '2026-11-22', Date.UTC(2026, 10, 22)],
])('[D4] the string codec reads a %s', (kind, text, value) => {
  const type = { kind } as Type; // only primitives stand in the table
  expect(compileCodec(type, 'string', document, 'value').decode(Buffer.from(text))).toEqual({ ok: true, value });
});

test('[D4] a key that is no number says so, and null is null', () => {
  const key = compileCodec({ kind: 'long' }, 'string', document, 'value');
  expect(key.decode(Buffer.from('x'))).toEqual({
    ok: false,
    reason: 'the value is not a whole number of 64 bits: "x"',
  });
  expect(key.decode(null)).toEqual({ ok: true, value: null });
  expect(key.encode(null)).toBeNull();
});

test('[D5] raw bytes are base64 in memory and the same bytes when written', () => {
  const raw = compileCodec({ kind: 'bytes' }, 'raw', document, 'value');
  const bytes = Buffer.from([0, 255, 128, 10]);
  const decoded = raw.decode(bytes);
  expect(decoded).toEqual({ ok: true, value: 'AP+ACg==' });
  expect(raw.encode('AP+ACg==')).toEqual(bytes);
});
