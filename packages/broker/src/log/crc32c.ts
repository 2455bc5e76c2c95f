/**
 * CRC-32C (Castagnoli, reflected polynomial 0x82f63b78), sixteen bytes a step: sixteen tables, of which table k tells
 * what a byte does when k more bytes follow it (Kounavis and Berry, "slicing-by-8").
 */
type Table = Int32Array;

const [t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15] = buildTables();

/** The CRC-32C of bytes `[start, end)`, as an unsigned 32-bit number. */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, end);
  let crc = -1;
  let at = start;
  for (const last = end - 16; at <= last; at += 16) {
    crc =
      follow(crc ^ view.getInt32(at, true), t15, t14, t13, t12) ^
      follow(view.getInt32(at + 4, true), t11, t10, t9, t8) ^
      follow(view.getInt32(at + 8, true), t7, t6, t5, t4) ^
      follow(view.getInt32(at + 12, true), t3, t2, t1, t0);
  }
  for (; at < end; at += 1) crc = (crc >>> 8) ^ t0[(crc ^ view.getUint8(at)) & 0xff]!; // in range: masked
  return (crc ^ -1) >>> 0;
}

/** What the four bytes of a word do, the lowest of which comes first and has the most bytes after it. */
function follow(word: number, first: Table, second: Table, third: Table, fourth: Table): number {
  // An index of 8 bits is always in range.
  return first[word & 0xff]! ^ second[(word >>> 8) & 0xff]! ^ third[(word >>> 16) & 0xff]! ^ fourth[word >>> 24]!;
}

function buildTables() {
  const built = Array.from({ length: 16 }, () => new Int32Array(256));
  const [first = new Int32Array(256)] = built;
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    first[byte] = crc;
  }
  let previous = first;
  for (const table of built.slice(1)) {
    for (let byte = 0; byte < 256; byte += 1) {
      const before = previous[byte] ?? 0;
      table[byte] = (before >>> 8) ^ (first[before & 0xff] ?? 0);
    }
    previous = table;
  }
  type Four<T> = [T, T, T, T];
  return built as [...Four<Table>, ...Four<Table>, ...Four<Table>, ...Four<Table>]; // sixteen were made
}
