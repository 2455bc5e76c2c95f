/** What comes out of a decoder: it grows with what is written, never with what the input claims, up to a bound. */
export class BoundedOutput {
  readonly #maxBytes: number;
  #bytes: Buffer;
  #length = 0;

  /** `firstBytes`: what will probably do. */
  constructor(maxBytes: number, firstBytes: number) {
    this.#maxBytes = maxBytes;
    this.#bytes = Buffer.allocUnsafe(Math.min(firstBytes, maxBytes));
  }

  get length(): number {
    return this.#length;
  }

  /** All that was written; not to be written to any more. */
  get written(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Appends `source[from, to)`, which the caller knows to be there. Throws a RangeError past the bound. */
  literal(source: Uint8Array, from: number, to: number): void {
    const start = this.#reserve(to - from);
    // A loop is faster than a call for the few bytes that most literals are.
    if (to - from > 24) this.#bytes.set(source.subarray(from, to), start);
    else for (let i = from, at = start; i < to; ) this.#bytes[at++] = source[i++] as number; // i < to
  }

  /** Appends `length` bytes from `distance` bytes back, where a run reads what it has just written. Throws a RangeError past the bound, and before `floor`. */
  match(distance: number, length: number, floor: number): void {
    if (distance < 1 || this.#length - distance < floor) throw new RangeError('it refers to bytes before its start');
    const start = this.#reserve(length);
    const bytes = this.#bytes;
    if (distance >= length && length > 24) bytes.copyWithin(start, start - distance, start - distance + length);
    else for (let at = start, end = start + length; at < end; at++) bytes[at] = bytes[at - distance] as number; // written before
  }

  /** The place of the next `count` bytes. */
  #reserve(count: number): number {
    const start = this.#length;
    const needed = start + count;
    if (needed > this.#bytes.length) {
      if (needed > this.#maxBytes) throw new TooManyBytes(this.#maxBytes);
      const grown = Buffer.allocUnsafe(Math.min(Math.max(needed, this.#bytes.length * 2), this.#maxBytes));
      this.#bytes.copy(grown, 0, 0, start);
      this.#bytes = grown;
    }
    this.#length = needed;
    return start;
  }
}

export class TooManyBytes extends RangeError {
  constructor(maxBytes: number) {
    super(`more than ${maxBytes / 2 ** 20} MiB come out`);
  }
}
