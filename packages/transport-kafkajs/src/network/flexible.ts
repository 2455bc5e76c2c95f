/**
 * The parts of flexible messages (KIP-482), which KafkaJS does not write or read in the versions that we need: lengths are varints plus one, null
 * is 0, and structures end with tagged fields. We write none of those, and pass over what we read of them.
 */
export const noTags = Buffer.from([0]);

/** The length of a string or an array; null: there is none. */
export function encodeLength(length: number | null): Buffer {
  const bytes: number[] = [];
  let rest = length === null ? 0 : length + 1;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
  return Buffer.from(bytes);
}

export function encodeString(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([encodeLength(bytes.length), bytes]);
}

/** Reads on from where it is. */
export class FlexibleReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  boolean(): boolean {
    return this.#bytes.readInt8(this.#step(1)) !== 0;
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#step(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#step(4));
  }

  int64(): bigint {
    return this.#bytes.readBigInt64BE(this.#step(8));
  }

  /** As 32 hexadecimal digits; null: the topic has none. */
  id(): string | null {
    const at = this.#step(16);
    const id = this.#bytes.toString('hex', at, at + 16);
    return /^0+$/.test(id) ? null : id;
  }

  string(): string | null {
    const length = this.#varint() - 1;
    if (length < 0) return null;
    const at = this.#step(length);
    return this.#bytes.toString('utf8', at, at + length);
  }

  /** A view; null bytes are none. */
  bytes(): Buffer {
    const length = Math.max(0, this.#varint() - 1);
    const at = this.#step(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** A null array is empty. */
  array<T>(item: () => T): T[] {
    const length = Math.max(0, this.#varint() - 1);
    return Array.from({ length }, item);
  }

  tags(): void {
    for (let count = this.#varint(); count > 0; count--) {
      this.#varint();
      this.#step(this.#varint());
    }
  }

  #varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes.readUInt8(this.#step(1));
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }

  /** Passes over bytes; where they began. */
  #step(bytes: number): number {
    const at = this.#at;
    this.#at += bytes;
    return at;
  }
}
