import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decompress } from './decompress.ts';
import { unlz4 } from './lz4.ts';
import { unsnappy } from './snappy.ts';
import { unzstd, unzstdInScript } from './zstd.ts';

const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

/** Made once by the programs they name, of the inputs below. */
const { payloads }: { readonly payloads: readonly Vector[] } = JSON.parse(
  readFileSync(new URL('vectors.json', import.meta.url), 'utf8'),
);
interface Vector {
  readonly codec: string;
  readonly madeBy: string;
  readonly input: keyof typeof inputs;
  readonly base64: string;
}

const noise = (sizeBytes: number): Buffer => {
  let state = 42;
  const bytes = Array.from({ length: sizeBytes }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
  return Buffer.from(bytes);
};
const lines = Array.from({ length: 200 }, (_, i) => `event ${i} amount ${(i * 7919) % 100}\n`).join('');
const inputs = {
  empty: Buffer.alloc(0),
  short: Buffer.from('short'),
  /** Does not compress: long literals, stored blocks. */
  noise: noise(300),
  /** One match that overlaps itself. */
  run: Buffer.alloc(1_000, 'a'),
  /** More than one block of 64 kB, and matches over their border. */
  mixed: Buffer.concat([noise(300), Buffer.alloc(70_000, 'abc'), Buffer.from(lines), noise(300)]),
};

test.each(payloads)('[K1] $codec of the $input input is undone, as made by $madeBy', ({ codec, input, base64 }) => {
  expect(decompress(codecs.indexOf(codec), Buffer.from(base64, 'base64')).equals(inputs[input])).toBe(true);
});

// Node 20 has no zstd of its own: both ways are to be the same.
test.each(payloads.filter(({ codec }) => codec === 'zstd'))(
  '[K1] zstd of the $input input is undone in JavaScript',
  (vector) => {
    const undone = unzstdInScript(Buffer.from(vector.base64, 'base64'), 1_000_000);
    expect(undone.equals(inputs[vector.input])).toBe(true);
  },
);

const undoing = { snappy: unsnappy, lz4: unlz4, zstd: unzstd, script: unzstdInScript };

test('[K2] what would grow past its bound is refused, by as little as a byte', () => {
  for (const { codec, input, base64 } of payloads) {
    const { length } = inputs[input];
    for (const [name, undo] of Object.entries(undoing)) {
      if (length === 0 || (name !== codec && !(name === 'script' && codec === 'zstd'))) continue;
      expect(undo(Buffer.from(base64, 'base64'), length)).toHaveLength(length);
      expect(() => undo(Buffer.from(base64, 'base64'), length - 1)).toThrow();
    }
  }
});

test('[K2] damaged, cut and random bytes throw, or give something within the bound', () => {
  const maxBytes = 100_000;
  const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { maxLength: 8 });
  const damaged = fc
    .tuple(fc.constantFrom(...payloads), flips, fc.option(fc.nat()))
    .map(([{ base64 }, changes, cut]) => {
      const whole = Buffer.from(base64, 'base64');
      for (const [at, mask] of changes) whole.writeUInt8(whole.readUInt8(at % whole.length) ^ mask, at % whole.length);
      return cut === null ? whole : whole.subarray(0, cut % whole.length);
    });
  const random = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
  fc.assert(
    fc.property(fc.constantFrom(unsnappy, unlz4, unzstdInScript), fc.oneof(damaged, random), (undo, bytes) => {
      let length = 0;
      try {
        length = undo(bytes, maxBytes).length;
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
      expect(length).toBeLessThanOrEqual(maxBytes);
    }),
    { numRuns: 2_000 },
  );
});

test('[K2] why a batch does not decompress is said with the codec', () => {
  expect(() => decompress(2, Buffer.from([200, 1, 0]))).toThrow('it does not decompress with snappy: ');
  expect(() => decompress(3, Buffer.from('no frame'))).toThrow(
    'it does not decompress with lz4: it does not begin as a frame',
  );
  expect(() => decompress(6, Buffer.alloc(1))).toThrow('it is compressed with an unknown codec, 6');
});
