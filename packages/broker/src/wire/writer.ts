/** Byte strings of at least this size become chunks of their own instead of being copied. */
const spliceFromBytes = 4096;

/**
 * Writes one length-prefixed frame as a list of chunks for one gathered socket write. Large byte strings (record
 * batches) are spliced in without a copy, so the caller must not change them until the frame is sent.
 */
export class Writer {
  readonly #first: Buffer;
  #chunk: Buffer;
  #chunkStart = 0;
  #position = 4;
  #flushedBytes = 0;
  readonly #chunks: Buffer[] = [];

  constructor(sizeHintBytes = 512) {
    this.#first = Buffer.allocUnsafe(Math.max(sizeHintBytes, 8));
    this.#chunk = this.#first;
  }

  int8(value: number): void {
    const at = this.#room(1);
    this.#chunk.writeInt8(value, at);
  }

  int16(value: number): void {
    const at = this.#room(2);
    this.#chunk.writeInt16BE(value, at);
  }

  int32(value: number): void {
    const at = this.#room(4);
    this.#chunk.writeInt32BE(value, at);
  }

  int64(value: bigint): void {
    const at = this.#room(8);
    this.#chunk.writeBigInt64BE(value, at);
  }

  unsignedVarint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      const at = this.#room(1);
      this.#chunk.writeUInt8((rest % 0x80) | 0x80, at);
      rest = Math.floor(rest / 0x80);
    }
    const at = this.#room(1);
    this.#chunk.writeUInt8(rest, at);
  }

  utf8(value: string, lengthBytes: number): void {
    const at = this.#room(lengthBytes);
    this.#chunk.write(value, at, lengthBytes, 'utf8');
  }

  bytes(value: Buffer): void {
    if (value.length < spliceFromBytes) {
      const at = this.#room(value.length);
      value.copy(this.#chunk, at);
      return;
    }
    this.#flush();
    this.#chunks.push(value);
    this.#flushedBytes += value.length;
  }

  /** The finished frame, its length in front. The writer must not be used afterwards. */
  frame(): Buffer[] {
    this.#flush();
    this.#first.writeInt32BE(this.#flushedBytes - 4, 0);
    return this.#chunks;
  }

  #flush(): void {
    if (this.#position > this.#chunkStart) {
      this.#chunks.push(this.#chunk.subarray(this.#chunkStart, this.#position));
      this.#flushedBytes += this.#position - this.#chunkStart;
    }
    this.#chunkStart = this.#position;
  }

  /** Where the next bytes go. To be called before `#chunk` is looked at: it may put a new one in its place. */
  #room(lengthBytes: number): number {
    if (this.#position + lengthBytes > this.#chunk.length) {
      this.#flush();
      this.#chunk = Buffer.allocUnsafe(Math.max(this.#chunk.length * 2, lengthBytes));
      this.#chunkStart = 0;
      this.#position = 0;
    }
    const at = this.#position;
    this.#position += lengthBytes;
    return at;
  }
}
