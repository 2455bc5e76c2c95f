/**
 * A reader without bytes, whose answers a generator draws: whatever a schema reads from it is a value of that schema, of any
 * API and version, which the same schema then writes. Most answers are such as real requests have; some are absurd.
 */
import { Reader } from '../../src/wire/reader.ts';
import type { Random } from '../random.ts';
import { lyingBatch } from './lying-batches.ts';
import { words } from './words.ts';

const absurdInts = [-(2 ** 31), -2, 255, 1_000, 65_535, 2 ** 24, 2 ** 31 - 1];
const absurdLongs = [-(2n ** 63n), -3n, -2n, 2n ** 31n, 2n ** 53n, 2n ** 63n - 1n, 1_700_000_000_000n];

export class RandomReader extends Reader {
  readonly #random: Random;
  /** How often of a hundred times a number is absurd. */
  readonly #absurdPercent: number;
  /** The number of the read that is answered with `crowd`, if there are so many: an array is then that long. */
  #untilCrowd: number;
  readonly #crowd: number;

  constructor(random: Random) {
    super(Buffer.alloc(0));
    this.#random = random;
    this.#absurdPercent = random.chance(50) ? 0 : random.between(1, 10);
    this.#untilCrowd = random.chance(5) ? random.below(12) : -1;
    this.#crowd = random.between(100, 2_000);
  }

  /** As if so much were left: longer arrays are refused by the schema. */
  override get remaining(): number {
    return this.#crowd;
  }

  override int8(): number {
    return this.#random.chance(90) ? this.#random.below(5) : this.#random.between(-128, 127);
  }

  override int16(): number {
    if (this.#random.chance(this.#absurdPercent)) return this.#random.between(-32_768, 32_767);
    return this.#small();
  }

  override int32(): number {
    this.#untilCrowd -= 1;
    if (this.#untilCrowd === 0) return this.#crowd;
    if (this.#random.chance(this.#absurdPercent)) return this.#random.pick(absurdInts);
    return this.#random.chance(5) ? this.#random.between(6_000, 60_000) : this.#small();
  }

  override int64(): bigint {
    if (this.#random.chance(this.#absurdPercent)) return this.#random.pick(absurdLongs);
    return BigInt(this.#random.between(-1, 40));
  }

  override unsignedVarint(): number {
    this.#untilCrowd -= 1;
    if (this.#untilCrowd === 0) return this.#crowd;
    return this.#random.chance(3) ? 0 : this.#random.between(1, 4);
  }

  /** Bytes of any length: only an id has to have the one that it is asked with. */
  override view(lengthBytes: number): Buffer {
    if (lengthBytes === 16) return this.#random.bytes(16);
    return this.#random.chance(60) ? lyingBatch(this.#random) : this.#random.bytes(this.#random.below(200));
  }

  override utf8(): string {
    return this.#random.pick(words);
  }

  override skipTaggedFields(): void {}

  #small(): number {
    return this.#random.chance(6) ? -1 : this.#random.between(0, 3);
  }
}
