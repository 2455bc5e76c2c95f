import { MalformedMessage } from './malformed.ts';

/**
 * Reads Kafka's primitive types from one frame. Every read is bounds-checked and throws MalformedMessage; byte
 * strings are views of the frame, not copies.
 */
export class Reader {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get remaining(): number {
    return this.#bytes.length - this.#position;
  }

  int8(): number {
    return this.#bytes.readInt8(this.#take(1));
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#take(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#take(4));
  }

  int64(): bigint {
    return this.#bytes.readBigInt64BE(this.#take(8));
  }

  /** A base-128 number of at most 5 bytes, 0 to 2^32 - 1. */
  unsignedVarint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#bytes.readUInt8(this.#take(1));
      value += (byte & 0x7f) * 2 ** shift;
      if ((byte & 0x80) === 0) return value;
    }
    throw new MalformedMessage('a varint is longer than 5 bytes');
  }

  /** A view of the next bytes. */
  view(lengthBytes: number): Buffer {
    const start = this.#take(lengthBytes);
    return this.#bytes.subarray(start, start + lengthBytes);
  }

  utf8(lengthBytes: number): string {
    const start = this.#take(lengthBytes);
    return this.#bytes.toString('utf8', start, start + lengthBytes);
  }

  /** Steps over a tagged-field section (KIP-482): every tag we serve is optional, and unknown ones must be ignored. */
  skipTaggedFields(): void {
    for (let left = this.unsignedVarint(); left > 0; left -= 1) {
      this.unsignedVarint();
      this.view(this.unsignedVarint());
    }
  }

  #take(lengthBytes: number): number {
    if (lengthBytes < 0 || lengthBytes > this.remaining) {
      throw new MalformedMessage(`wanted ${lengthBytes} bytes where ${this.remaining} are left`);
    }
    const start = this.#position;
    this.#position += lengthBytes;
    return start;
  }
}
