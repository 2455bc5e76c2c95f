import { createHash } from 'node:crypto';
import type { RecordBatch } from '../transport/record.ts';

/** The header of a repartitioned record that says which source record it was made from. */
export const originHeader = 'millrace-origin';

/** Big endian: the source topic's place among those of its stage (16 bits), partition (32), pass (48), offset (64), log (32). */
export const originBytes = 24;

/** Of a topic whose id the broker does not say. */
export const unknownLog = 0;

/** Tells a topic from the one of its name before it, by their ids. */
export const logNumber = (topicId: string | null): number =>
  topicId === null ? unknownLog : Math.max(1, createHash('sha256').update(topicId).digest().readUInt32BE());

/** What an origin of `originBytes` says. */
export const readOrigin = (
  bytes: Buffer,
): { readonly index: number; readonly partition: number; readonly offset: bigint } => ({
  index: bytes.readUInt16BE(0),
  partition: bytes.readUInt32BE(2),
  offset: bytes.readBigUInt64BE(12),
});

/** The number of a source partition: the first 48 bits of its records' origins. `topicIndex`: its topic's place among those of its stage. */
export const sourceNumber = (topicIndex: number, partition: number): number => topicIndex * 2 ** 32 + partition;

/** The place of the topic in a source's number. */
export const topicIndexOf = (source: number): number => Math.floor(source / 2 ** 32);

/** The partition in a source's number. */
export const partitionOf = (source: number): number => source % 2 ** 32;

/** The number of the source partition that an origin tells. */
export const sourceOf = (origin: Buffer): number => origin.readUIntBE(0, 6);

/** Writes the origins of one batch's records. */
export class OriginWriter {
  readonly #prefix = Buffer.alloc(12);
  readonly #baseOffset: number;
  readonly #log: number;

  constructor(batch: RecordBatch, topicIndex: number, { pass, log }: { readonly pass: number; readonly log: number }) {
    this.#prefix.writeUInt16BE(topicIndex, 0);
    this.#prefix.writeUInt32BE(batch.partition, 2);
    this.#prefix.writeUIntBE(pass, 6, 6);
    // Exact: no log has 2^53 records.
    this.#baseOffset = Number(batch.baseOffset);
    this.#log = log;
  }

  origin(delta: number): Buffer {
    const offset = this.#baseOffset + delta;
    const bytes = Buffer.allocUnsafe(originBytes);
    bytes.set(this.#prefix, 0);
    bytes.writeUInt32BE(Math.floor(offset / 2 ** 32), 12);
    bytes.writeUInt32BE(offset % 2 ** 32, 16);
    bytes.writeUInt32BE(this.#log, 20);
    return bytes;
  }
}
