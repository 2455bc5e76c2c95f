/** Walking through the bytes of records. Whatever reaches past their end throws RangeError. */
export class RecordCursor {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get at(): number {
    return this.#at;
  }

  /** Reads the length of the record that begins here; answers where it ends. */
  recordEnd(): number {
    const lengthBytes = this.varint();
    const end = this.#at + lengthBytes;
    if (lengthBytes < 0 || end > this.#bytes.length) throw new RangeError(`a record of ${lengthBytes} bytes`);
    return end;
  }

  skip(lengthBytes: number): void {
    this.#at += lengthBytes;
  }

  /** Goes to where a record ends, past what of it was not read. */
  endAt(end: number): void {
    if (this.#at > end) throw new RangeError('a record is longer than it says');
    this.#at = end;
  }

  /** A zigzag base-128 number of up to 64 bits; timestamps and offset deltas stay below 2^53. */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#bytes.readUInt8(this.#at);
      this.#at += 1;
      value += (byte & 0x7f) * 2 ** shift;
      if ((byte & 0x80) === 0) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    throw new RangeError('a varint is longer than 10 bytes');
  }

  /** A view of bytes with their length in front; null for a negative length. */
  byteString(): Buffer | null {
    const lengthBytes = this.varint();
    if (lengthBytes < 0) return null;
    if (this.#at + lengthBytes > this.#bytes.length) throw new RangeError(`a string of ${lengthBytes} bytes`);
    const value = this.#bytes.subarray(this.#at, this.#at + lengthBytes);
    this.#at += lengthBytes;
    return value;
  }
}
