/**
 * CRC-32C (Castagnoli, reflected polynomial 0x82f63b78), eight bytes a step: eight tables, of which table k tells
 * what a byte does when k more bytes follow it (Kounavis and Berry, "slicing-by-8").
 */
const tables: readonly Int32Array[] = buildTables();

function buildTables(): Int32Array[] {
  const built = Array.from({ length: 8 }, () => new Int32Array(256));
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
  return built;
}

// The tables by name, for the inner loop; an index masked to 8 bits is always in range, which the `!`s below rely on.
const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
]; // buildTables makes eight

/** The CRC-32C of bytes `[start, end)`, as an unsigned 32-bit number. */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let crc = -1;
  let at = start;
  for (const last = end - 8; at <= last; at += 8) {
    crc ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24); // in range: at <= last
    crc =
      t7[crc & 0xff]! ^ // in range, masked; so are all below
      t6[(crc >>> 8) & 0xff]! ^
      t5[(crc >>> 16) & 0xff]! ^
      t4[crc >>> 24]! ^
      t3[bytes[at + 4]!]! ^
      t2[bytes[at + 5]!]! ^
      t1[bytes[at + 6]!]! ^
      t0[bytes[at + 7]!]!;
  }
  for (; at < end; at += 1) crc = (crc >>> 8) ^ t0[(crc ^ bytes[at]!) & 0xff]!; // in range: at < end, masked
  return (crc ^ -1) >>> 0;
}
