import { utf8Text } from './utf8.ts';

/** How many texts are kept; a power of two. */
const slots = 4096;
const maxLength = 40;

/**
 * Reads ASCII texts out of bytes and hands out the same string for the same bytes where it still has it: no new string for a key that recurs,
 * and its hash is known to every Map. Bounded; a text that meets another one in its slot takes its place.
 */
export class TextCache {
  readonly #texts: (string | undefined)[] = new Array<string | undefined>(slots).fill(undefined);

  /** `hash`: of the bytes `[start, end)`, any function of them. */
  take(bytes: Buffer, start: number, end: number, hash: number): string {
    const length = end - start;
    if (length > maxLength) return bytes.toString('latin1', start, end);
    const slot = (hash ^ (hash >>> 15)) & (slots - 1);
    const held = this.#texts[slot];
    if (held !== undefined && held.length === length) {
      let i = 0;
      while (i < length && held.charCodeAt(i) === bytes[start + i]) i++;
      if (i === length) return held;
    }
    const text = bytes.toString('latin1', start, end);
    this.#texts[slot] = text;
    return text;
  }

  /** All of the bytes as UTF-8. @throws DecodeError, naming them */
  text(bytes: Buffer, name: string): string {
    let hash = 0;
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i] as number; // within length
      if (byte >= 0x80) return utf8Text(bytes, name);
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    return this.take(bytes, 0, bytes.length, hash);
  }
}
