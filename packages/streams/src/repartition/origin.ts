import type { RecordBatch } from '../transport/record.ts';

/** The header of a repartitioned record that says which source record it was made from. */
export const originHeader = 'millrace-origin';

/** Big endian: the source topic's place among those of its stage (16 bits), partition (32), pass (48), offset (64). */
export const originBytes = 20;

/** Writes the origins of one batch's records. */
export class OriginWriter {
  readonly #prefix = Buffer.alloc(12);
  readonly #baseOffset: number;

  constructor(batch: RecordBatch, topicIndex: number, pass: number) {
    this.#prefix.writeUInt16BE(topicIndex, 0);
    this.#prefix.writeUInt32BE(batch.partition, 2);
    this.#prefix.writeUIntBE(pass, 6, 6);
    // Exact: no log has 2^53 records.
    this.#baseOffset = Number(batch.baseOffset);
  }

  origin(delta: number): Buffer {
    const offset = this.#baseOffset + delta;
    const bytes = Buffer.allocUnsafe(originBytes);
    bytes.set(this.#prefix, 0);
    bytes.writeUInt32BE(Math.floor(offset / 2 ** 32), 12);
    bytes.writeUInt32BE(offset % 2 ** 32, 16);
    return bytes;
  }
}
