import { crc32c } from './crc32c.ts';

/** The header of a batch of format 2: what comes before its records. */
export const headerBytes = 61;
/** Of every format: offset, length, four bytes of either format's own, the format. */
export const commonBytes = 17;

const codecMask = 0x07;
const logAppendTime = 0x08;
const transactional = 0x10;
const control = 0x20;
const latestTimeMs = 8.64e15;

/** A batch of format 2 at a place in a fetched record set. Field offsets: https://kafka.apache.org/documentation/#recordbatch */
export class BatchHeader {
  readonly bytes: Buffer;
  readonly at: number;
  readonly offset: bigint;
  /** The place behind the batch, by its length. */
  readonly end: number;
  readonly #attributes: number;

  /** `headerBytes` from `at` on are there. */
  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes;
    this.at = at;
    this.offset = bytes.readBigInt64BE(at);
    this.end = endOfBatch(bytes, at);
    this.#attributes = bytes.readInt16BE(at + 21);
  }

  get codec(): number {
    return this.#attributes & codecMask;
  }

  get isControl(): boolean {
    return (this.#attributes & control) !== 0;
  }

  get isTransactional(): boolean {
    return (this.#attributes & transactional) !== 0;
  }

  get producerId(): bigint {
    return this.bytes.readBigInt64BE(this.at + 43);
  }

  get count(): number {
    return this.bytes.readInt32BE(this.at + 57);
  }

  /** The offset behind the batch. */
  get nextOffset(): bigint {
    return this.offset + BigInt(this.bytes.readInt32BE(this.at + 23)) + 1n;
  }

  get firstMs(): number {
    return Number(this.bytes.readBigInt64BE(this.at + 27));
  }

  /** The broker's clock, where it stamps all of a batch. */
  get appendedMs(): number | null {
    return (this.#attributes & logAppendTime) === 0 ? null : Number(this.bytes.readBigInt64BE(this.at + 35));
  }

  /** For a batch that cannot be trusted: −1, Kafka's word for none, where its time makes no sense. */
  get plausibleMs(): number {
    const { firstMs } = this;
    return firstMs >= 0 && firstMs <= latestTimeMs ? firstMs : -1;
  }

  /** All of it is there, and as it was written. */
  get isSound(): boolean {
    const { bytes, at, end } = this;
    return (
      end >= at + headerBytes && end <= bytes.length && crc32c(bytes, at + 21, end) === bytes.readUInt32BE(at + 17)
    );
  }
}

export const endOfBatch = (bytes: Buffer, at: number): number => at + 12 + bytes.readInt32BE(at + 8);

/** The next sound batch after a damaged one at `at`, of an offset beyond `offset`; null: the set has none. */
export function soundBatchAfter(bytes: Buffer, at: number, offset: bigint): BatchHeader | null {
  const sound = (place: number): BatchHeader | null => {
    if (bytes[place + 16] !== 2) return null;
    const header = new BatchHeader(bytes, place);
    return header.offset > offset && header.isSound ? header : null;
  };
  const last = bytes.length - headerBytes;
  if (at > last) return null;
  const expected = endOfBatch(bytes, at);
  const next = expected > at && expected <= last ? sound(expected) : null;
  if (next !== null) return next;
  for (let place = at + 1; place <= last; place++) {
    const found = sound(place);
    if (found !== null) return found;
  }
  return null;
}
