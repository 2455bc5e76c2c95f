/**
 * Where a decoder writes: a buffer that grows with what really comes out, never with what the input claims, up to a bound.
 * A match copies from what is already there, up to its own end: a run is a match that overlaps itself.
 */
const firstBytes = 4 * 1024;

export class GrowingOutput {
  readonly #maxBytes: number;
  #bytes: Buffer;
  #length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#bytes = Buffer.allocUnsafeSlow(Math.min(firstBytes, maxBytes));
  }

  get length(): number {
    return this.#length;
  }

  /** What was written; it shares its memory with the output, which is not to be written to any more. */
  get written(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Appends `source[from, to)`. Throws RangeError past the bound; the caller has checked that the source has them. */
  literal(source: Buffer, from: number, to: number): void {
    this.#reserve(to - from);
    source.copy(this.#bytes, this.#length, from, to);
    this.#length += to - from;
  }

  /** Appends `length` bytes from `distance` bytes back. Throws RangeError past the bound, and before `windowStart`. */
  match(distance: number, length: number, windowStart: number): void {
    const from = this.#length - distance;
    if (distance < 1 || from < windowStart) throw new RangeError(`a match ${distance} bytes back is before the start`);
    this.#reserve(length);
    const bytes = this.#bytes;
    if (distance >= length) bytes.copyWithin(this.#length, from, from + length);
    else for (let i = 0; i < length; i += 1) bytes[this.#length + i] = bytes[from + i] ?? 0;
    this.#length += length;
  }

  #reserve(addedBytes: number): void {
    const needed = this.#length + addedBytes;
    if (needed <= this.#bytes.length) return;
    if (needed > this.#maxBytes) throw new RangeError(`more than ${this.#maxBytes} bytes come out`);
    const grown = Buffer.allocUnsafeSlow(Math.min(Math.max(needed, this.#bytes.length * 2), this.#maxBytes));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}
