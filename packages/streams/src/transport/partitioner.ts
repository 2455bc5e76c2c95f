/** The partition Java's clients choose for a key: murmur2, sign bit cleared, modulo the partitions. */
export const partitionOfKey = (key: Uint8Array, partitions: number): number => (murmur2(key) & 0x7fffffff) % partitions;

/** Kafka's murmur2 (org.apache.kafka.common.utils.Utils), a signed 32-bit number. */
export const murmur2 = (data: Uint8Array): number => {
  const m = 0x5bd1e995;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const whole = data.length & ~3;
  let h = 0x9747b28c ^ data.length;
  for (let i = 0; i < whole; i += 4) {
    let k = Math.imul(view.getInt32(i, true), m);
    k ^= k >>> 24;
    h = Math.imul(h, m) ^ Math.imul(k, m);
  }
  const left = data.length - whole;
  if (left === 3) h ^= view.getUint8(whole + 2) << 16;
  if (left >= 2) h ^= view.getUint8(whole + 1) << 8;
  if (left >= 1) h = Math.imul(h ^ view.getUint8(whole), m);
  h ^= h >>> 13;
  h = Math.imul(h, m);
  return h ^ (h >>> 15);
};
