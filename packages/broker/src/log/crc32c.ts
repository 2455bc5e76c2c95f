/**
 * CRC-32C (Castagnoli, reflected polynomial 0x82f63b78), sixteen bytes a step (Kounavis and Berry, "slicing-by-8", twice):
 * sixteen tables of 256 entries, end to end, of which table k tells what a byte does when k more bytes follow it.
 */
const tables = buildTables();

function buildTables(): Int32Array {
  const built = new Int32Array(16 * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    built[byte] = crc;
  }
  for (let i = 256; i < built.length; i += 1) {
    const before = built[i - 256]!; // in range; so are all indexes below, masked to 8 bits
    built[i] = (before >>> 8) ^ built[before & 0xff]!;
  }
  return built;
}

/** The CRC-32C of bytes `[start, end)`, as an unsigned 32-bit number. */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  const table = tables; // A local is known not to change, which the bundle's variable is not: twice as fast.
  const view = new DataView(bytes.buffer, bytes.byteOffset, end);
  let crc = -1;
  let at = start;
  for (const last = end - 16; at <= last; at += 16) {
    crc =
      wordThrough(table, 12, crc ^ view.getInt32(at, true)) ^
      wordThrough(table, 8, view.getInt32(at + 4, true)) ^
      wordThrough(table, 4, view.getInt32(at + 8, true)) ^
      wordThrough(table, 0, view.getInt32(at + 12, true));
  }
  for (; at < end; at += 1) crc = (crc >>> 8) ^ table[(crc ^ view.getUint8(at)) & 0xff]!;
  return (crc ^ -1) >>> 0;
}

/** What the four bytes of a word do that `following` more bytes follow; the lowest byte is the first. */
function wordThrough(table: Int32Array, following: number, word: number): number {
  const base = following * 256;
  return (
    table[(base + 768) | (word & 0xff)]! ^
    table[(base + 512) | ((word >>> 8) & 0xff)]! ^
    table[(base + 256) | ((word >>> 16) & 0xff)]! ^
    table[base | (word >>> 24)]!
  );
}
