/**
 * The schema language. A message is declared once, as a value; its TypeScript type, its reader and its writer for
 * each version all come from that declaration.
 *
 *     const request = struct({ groupId: string, topics: since(2, nullableArray(string), null) });
 *     type Request = ValueOf<typeof request>;
 *     const codec = request.at({ number: 2, flexible: false });
 *
 * Flexible versions (KIP-482) change how lengths are written and close every struct with tagged fields; `at` takes
 * care of both. We write no tagged fields, and skip those we read.
 */
import { MalformedMessage } from './malformed.ts';
import type { Reader } from './reader.ts';
import type { Writer } from './writer.ts';

/** A version of a message, and whether it is a flexible one. */
export interface MessageVersion {
  readonly number: number;
  readonly flexible: boolean;
}

/** The two directions of one type at one version. */
export interface Codec<T> {
  read(reader: Reader): T;
  write(writer: Writer, value: T): void;
}

export interface Type<T> {
  /** What a reader answers where the version does not carry the value. */
  readonly empty: T;
  at(version: MessageVersion): Codec<T>;
}

export type ValueOf<S> = S extends Type<infer T> ? T : never;

function primitive<T>(empty: T, codec: Codec<T>): Type<T> {
  return { empty, at: () => codec };
}

export const int8: Type<number> = primitive(0, { read: (r) => r.int8(), write: (w, v) => w.int8(v) });
export const int16: Type<number> = primitive(0, { read: (r) => r.int16(), write: (w, v) => w.int16(v) });
export const int32: Type<number> = primitive(0, { read: (r) => r.int32(), write: (w, v) => w.int32(v) });
export const int64: Type<bigint> = primitive(0n, { read: (r) => r.int64(), write: (w, v) => w.int64(v) });
export const boolean: Type<boolean> = primitive(false, {
  read: (r) => r.int8() !== 0,
  write: (w, v) => w.int8(v ? 1 : 0),
});

/** 16 bytes, as 32 hexadecimal digits; all zero for none. */
export const uuid: Type<string> = primitive('0'.repeat(32), {
  read: (r) => r.view(16).toString('hex'),
  write: (w, v) => w.bytes(Buffer.from(v, 'hex')),
});

/** How a length, or null, stands on the wire: strings carry 2 bytes, everything else 4, flexible versions a varint. */
interface LengthCodec {
  read(reader: Reader): number | null;
  write(writer: Writer, length: number | null): void;
}

const compactLength: LengthCodec = {
  read(r) {
    const plusOne = r.unsignedVarint();
    return plusOne === 0 ? null : plusOne - 1;
  },
  write: (w, length) => w.unsignedVarint(length === null ? 0 : length + 1),
};

const shortLength: LengthCodec = {
  read: (r) => validLength(r.int16()),
  write: (w, length) => w.int16(length ?? -1),
};

const longLength: LengthCodec = {
  read: (r) => validLength(r.int32()),
  write: (w, length) => w.int32(length ?? -1),
};

function validLength(length: number): number | null {
  if (length < -1) throw new MalformedMessage(`a length of ${length}`);
  return length === -1 ? null : length;
}

export const nullableString: Type<string | null> = {
  empty: null,
  at({ flexible }) {
    const length = flexible ? compactLength : shortLength;
    return {
      read(r) {
        const lengthBytes = length.read(r);
        return lengthBytes === null ? null : r.utf8(lengthBytes);
      },
      write(w, value) {
        if (value === null) return length.write(w, null);
        const lengthBytes = Buffer.byteLength(value);
        length.write(w, lengthBytes);
        w.utf8(value, lengthBytes);
      },
    };
  },
};

export const nullableBytes: Type<Buffer | null> = {
  empty: null,
  at({ flexible }) {
    const length = flexible ? compactLength : longLength;
    return {
      read(r) {
        const lengthBytes = length.read(r);
        return lengthBytes === null ? null : r.view(lengthBytes);
      },
      write(w, value) {
        length.write(w, value === null ? null : value.length);
        if (value !== null) w.bytes(value);
      },
    };
  },
};

/** A byte string held in pieces: what a fetch gathers from several segments, sent without joining them. */
export const byteChunks: Type<readonly Buffer[]> = {
  empty: [],
  at({ flexible }) {
    const length = flexible ? compactLength : longLength;
    return {
      read(r) {
        const lengthBytes = length.read(r);
        return lengthBytes === null ? [] : [r.view(lengthBytes)];
      },
      write(w, chunks) {
        let lengthBytes = 0;
        for (const chunk of chunks) lengthBytes += chunk.length;
        length.write(w, lengthBytes);
        for (const chunk of chunks) w.bytes(chunk);
      },
    };
  },
};

export function nullableArray<T>(element: Type<T>): Type<readonly T[] | null> {
  return {
    empty: null,
    at(version) {
      const length = version.flexible ? compactLength : longLength;
      const codec = element.at(version);
      return {
        read(r) {
          const count = length.read(r);
          if (count === null) return null;
          // An element takes at least a byte: a count beyond the frame must not reserve memory.
          if (count > r.remaining) throw new MalformedMessage(`an array of ${count} in ${r.remaining} bytes`);
          const values: T[] = [];
          for (let i = 0; i < count; i += 1) values.push(codec.read(r));
          return values;
        },
        write(w, values) {
          length.write(w, values === null ? null : values.length);
          if (values !== null) for (const value of values) codec.write(w, value);
        },
      };
    },
  };
}

/** A struct that may be left out: a byte says whether it follows. */
export function nullable<T>(type: Type<T>): Type<T | null> {
  return {
    empty: null,
    at(version) {
      const codec = type.at(version);
      return {
        read: (r) => (r.int8() < 0 ? null : codec.read(r)),
        write(w, value) {
          w.int8(value === null ? -1 : 1);
          if (value !== null) codec.write(w, value);
        },
      };
    },
  };
}

function nonNull<T>(nullable: Type<T | null>, empty: T): Type<T> {
  return {
    empty,
    at(version) {
      const codec = nullable.at(version);
      return {
        read(r) {
          const value = codec.read(r);
          if (value === null) throw new MalformedMessage('null where a value must stand');
          return value;
        },
        write: codec.write,
      };
    },
  };
}

export const string: Type<string> = nonNull(nullableString, '');
export const bytes: Type<Buffer> = nonNull(nullableBytes, Buffer.alloc(0));
export function array<T>(element: Type<T>): Type<readonly T[]> {
  return nonNull(nullableArray(element), []);
}

/** Carried from version `first` on; before it the reader answers `otherwise`, and the writer drops the value. */
export function since<T>(first: number, type: Type<T>, otherwise: T = type.empty): Type<T> {
  return { empty: otherwise, at: (version) => (version.number >= first ? type.at(version) : absent(otherwise)) };
}

/** Carried up to and including version `last`. */
export function until<T>(last: number, type: Type<T>, otherwise: T = type.empty): Type<T> {
  return { empty: otherwise, at: (version) => (version.number <= last ? type.at(version) : absent(otherwise)) };
}

function absent<T>(otherwise: T): Codec<T> {
  return { read: () => otherwise, write: () => {} };
}

type FieldValues<F> = { readonly [K in keyof F]: ValueOf<F[K]> };

/** Fields in the order they are declared, which is their order on the wire. */
export function struct<F extends { readonly [K in keyof F]: Type<ValueOf<F[K]>> }>(fields: F): Type<FieldValues<F>> {
  // The compiler can't follow a mapped type through Object.entries; each codec only ever meets its own field's value.
  const entries: [string, Type<unknown>][] = Object.entries(fields);
  // Same reason: the keys of `fields` with the values of their types are FieldValues by construction.
  const empty = Object.fromEntries(entries.map(([name, type]) => [name, type.empty])) as FieldValues<F>;
  return {
    empty,
    at(version) {
      const codecs = entries.map(([name, type]) => ({ name, codec: type.at(version) }));
      return {
        read(r) {
          const value: Record<string, unknown> = {};
          for (const { name, codec } of codecs) value[name] = codec.read(r);
          if (version.flexible) r.skipTaggedFields();
          return value as FieldValues<F>; // see above
        },
        write(w, value) {
          const values = value as Readonly<Record<string, unknown>>; // see above
          for (const { name, codec } of codecs) codec.write(w, values[name]);
          if (version.flexible) w.unsignedVarint(0);
        },
      };
    },
  };
}
