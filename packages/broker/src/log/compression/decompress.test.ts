import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RecordBatch } from '../record-batch.ts';
import { decodeRecords } from '../records.ts';
import { decompressors } from './decompress.ts';

type Codec = keyof typeof decompressors;

/** Made once by the programs they name, of the inputs below and, for the batches, of `kcatRecords`. */
interface Vectors {
  readonly payloads: readonly { codec: Codec; madeBy: string; input: keyof typeof inputs; base64: string }[];
  readonly batches: readonly { codec: Codec; madeBy: string; base64: string }[];
}
const vectors: Vectors = JSON.parse(readFileSync(new URL('vectors.json', import.meta.url), 'utf8'));

const lines = Array.from({ length: 200 }, (_, i) => `event ${i} amount ${(i * 7919) % 100}\n`).join('');
const inputs = {
  empty: Buffer.alloc(0),
  short: Buffer.from('short'),
  /** Does not compress: literals of more than 60 and of more than 256 bytes, and stored blocks. */
  noise: noise(300),
  /** One match that overlaps itself. */
  run: Buffer.alloc(1_000, 'a'),
  /** More than one block of 64 kB, and matches across their border. */
  mixed: Buffer.concat([noise(300), Buffer.alloc(70_000, 'abc'), Buffer.from(lines), noise(300)]),
};
const kcatRecords = [
  ...Array.from({ length: 120 }, (_, i) => [`k${i % 7}`, `event ${i} amount ${(i * 7919) % 100}`]),
  ['run', 'abc'.repeat(25_000)],
];

function noise(sizeBytes: number): Buffer {
  let state = 42;
  return Buffer.from(
    Array.from({ length: sizeBytes }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    }),
  );
}

for (const { codec, madeBy, input, base64 } of vectors.payloads) {
  const decompress = decompressors[codec];
  test.skipIf(decompress === undefined)(`${codec} of the ${input} input is undone, as made by ${madeBy}`, () => {
    expect(decompress?.(Buffer.from(base64, 'base64'), 1_000_000).equals(inputs[input])).toBe(true);
  });
}

for (const { codec, madeBy, base64 } of vectors.batches) {
  test.skipIf(decompressors[codec] === undefined)(`a ${codec} batch of ${madeBy} gives its records`, () => {
    const records = decodeRecords(new RecordBatch(Buffer.from(base64, 'base64')));
    expect(records?.map(({ key, value }) => [String(key), String(value)])).toEqual(kcatRecords);
  });
}

test('what would grow past its bound is refused, by as little as a byte', () => {
  for (const { codec, input, base64 } of vectors.payloads) {
    const { length } = inputs[input];
    const decompress = decompressors[codec];
    if (length === 0 || decompress === undefined) continue;
    expect(decompress(Buffer.from(base64, 'base64'), length)).toHaveLength(length);
    expect(() => decompress(Buffer.from(base64, 'base64'), length - 1)).toThrow(RangeError);
  }
});

test('damaged and cut payloads end in a RangeError or within the bound', () => {
  const maxBytes = 100_000;
  const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { maxLength: 8 });
  fc.assert(
    fc.property(fc.constantFrom(...vectors.payloads), flips, fc.option(fc.nat()), ({ codec, base64 }, changes, cut) => {
      const whole = Buffer.from(base64, 'base64');
      for (const [at, mask] of changes) whole.writeUInt8(whole.readUInt8(at % whole.length) ^ mask, at % whole.length);
      const payload = cut === null ? whole : whole.subarray(0, cut % whole.length);
      expectBounded(() => decompressors[codec]?.(payload, maxBytes), maxBytes);
    }),
    { numRuns: 2_000 },
  );
});

test('random bytes end in a RangeError or within the bound', () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(decompressors)), fc.uint8Array({ maxLength: 200 }), (undo, bytes) => {
      expectBounded(() => undo?.(Buffer.from(bytes), 5_000), 5_000);
    }),
    { numRuns: 1_000 },
  );
});

function expectBounded(decompress: () => Buffer | undefined, maxBytes: number): void {
  let lengthBytes = 0;
  try {
    lengthBytes = decompress()?.length ?? 0;
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
  }
  expect(lengthBytes).toBeLessThanOrEqual(maxBytes);
}
