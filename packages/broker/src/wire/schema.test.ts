import { expect, test } from 'vitest';
import { MalformedMessage } from './malformed.ts';
import { Reader } from './reader.ts';
import {
  array,
  int16,
  int32,
  int64,
  nullableArray,
  nullableString,
  since,
  string,
  struct,
  type Type,
  until,
} from './schema.ts';
import { Writer } from './writer.ts';

const message = struct({
  id: int32,
  name: string,
  note: since(2, nullableString),
  old: until(1, int16, -1),
  items: array(struct({ offset: int64, tags: nullableArray(string) })),
});
const value = {
  id: 7,
  name: 'name',
  note: 'note',
  old: 3,
  items: [
    { offset: -1n, tags: null },
    { offset: 5n, tags: ['a', ''] },
  ],
};

function write<T>(type: Type<T>, version: number, flexible: boolean, written: T): Buffer {
  const writer = new Writer(8);
  type.at({ number: version, flexible }).write(writer, written);
  return Buffer.concat(writer.frame()).subarray(4);
}

test('what is written is read, in each version and each form, and leaves no byte', () => {
  for (const version of [0, 1, 2, 3]) {
    for (const flexible of [false, true]) {
      const reader = new Reader(write(message, version, flexible, value));
      const read = message.at({ number: version, flexible }).read(reader);
      expect(read).toEqual({ ...value, note: version >= 2 ? 'note' : null, old: version <= 1 ? 3 : -1 });
      expect(reader.remaining).toBe(0);
    }
  }
});

test('the bytes are those of the protocol', () => {
  expect(write(struct({ s: string, n: nullableString }), 0, false, { s: 'ab', n: null }).toString('hex')).toBe(
    '00026162ffff',
  );
  expect(write(struct({ s: string, n: nullableString }), 0, true, { s: 'ab', n: null }).toString('hex')).toBe(
    '0361620000',
  );
});

test('unknown tagged fields are stepped over', () => {
  const type = struct({ id: int16 });
  const reader = new Reader(Buffer.from('0007' + '02' + '0001ff' + '0502aabb', 'hex'));
  expect(type.at({ number: 0, flexible: true }).read(reader)).toEqual({ id: 7 });
  expect(reader.remaining).toBe(0);
});

test('bytes that end early, nulls out of place and counts beyond the frame are malformed', () => {
  const read = (type: Type<unknown>, hex: string) =>
    type.at({ number: 0, flexible: false }).read(new Reader(Buffer.from(hex, 'hex')));
  expect(() => read(string as Type<unknown>, '0005aa')).toThrow(MalformedMessage); // only read from
  expect(() => read(string as Type<unknown>, 'ffff')).toThrow(MalformedMessage); // only read from
  expect(() => read(array(int32) as Type<unknown>, '7fffffff')).toThrow(MalformedMessage); // only read from
});
