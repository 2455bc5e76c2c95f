/** The bytes of base64 text; none for null. */
export function bytesOf(base64: string | null): Uint8Array {
  return base64 === null ? new Uint8Array() : Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** As UTF-8; what is no UTF-8 shows as �. */
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const maxHexText = 64;

/** The first 64 bytes as pairs: `ff 00 1a`. */
export const hexText = (bytes: Uint8Array): string =>
  pairsOf(bytes.subarray(0, maxHexText)).join(' ') + (bytes.length > maxHexText ? ' …' : '');

const pairsOf = (bytes: Iterable<number>): string[] => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));

const perLine = 16;

export interface HexLine {
  readonly at: string;
  readonly hex: string;
  readonly text: string;
}

/** Sixteen bytes a line, as every hex viewer has them; `max` bytes at most. */
export function hexLines(bytes: Uint8Array, max: number): HexLine[] {
  const lines: HexLine[] = [];
  for (let at = 0; at < Math.min(bytes.length, max); at += perLine) {
    const line = [...bytes.subarray(at, Math.min(at + perLine, max))];
    const pairs = pairsOf(line);
    lines.push({
      at: at.toString(16).padStart(4, '0'),
      hex: `${pairs.slice(0, 8).join(' ')}  ${pairs.slice(8).join(' ')}`.trimEnd(),
      text: line.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·')).join(''),
    });
  }
  return lines;
}
