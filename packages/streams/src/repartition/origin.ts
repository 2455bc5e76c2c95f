import { createHash } from 'node:crypto';
import type { RecordBatch } from '../transport/record.ts';
import type { RecordHeaders } from '../transport/record-headers.ts';

/** The header of a repartitioned record that says which source record it was made from. */
export const originHeader = 'millrace-origin';

/**
 * Big endian: the source topic's place among those of its stage (16 bits), partition (32), pass (48), offset (64), log (32). Where that source is a
 * repartition topic itself, the origin of its record follows.
 */
const originBytes = 24;

/** Whether these bytes are an origin, or a chain of them. */
export const isOrigin = (bytes: Buffer | null | undefined): bytes is Buffer =>
  bytes !== undefined && bytes !== null && bytes.length > 0 && bytes.length % originBytes === 0;

/** What the last of these headers tells of the record's origin. */
export const originIn = (headers: RecordHeaders | undefined): Buffer | undefined => {
  const last = headers?.[headers.length - 1];
  return last?.[0] === originHeader && isOrigin(last[1]) ? last[1] : undefined;
};

/** The origin of a record, and behind it that of the record it was made from, as far back as they are known. */
export const originsOf = (bytes: Buffer): Buffer[] =>
  Array.from({ length: bytes.length / originBytes }, (_, at) =>
    bytes.subarray(at * originBytes, (at + 1) * originBytes),
  );

/** Of a topic whose id the broker does not say. */
export const unknownLog = 0;

/** Tells a topic from the one of its name before it, by their ids. */
export const logNumber = (topicId: string | null): number =>
  topicId === null ? unknownLog : Math.max(1, createHash('sha256').update(topicId).digest().readUInt32BE());

/** What an origin says. */
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

  /** `before`: the origin of the record itself, where it has one. */
  origin(delta: number, before?: Buffer): Buffer {
    const offset = this.#baseOffset + delta;
    const bytes = Buffer.allocUnsafe(originBytes + (before?.length ?? 0));
    if (before !== undefined) bytes.set(before, originBytes);
    bytes.set(this.#prefix, 0);
    bytes.writeUInt32BE(Math.floor(offset / 2 ** 32), 12);
    bytes.writeUInt32BE(offset % 2 ** 32, 16);
    bytes.writeUInt32BE(this.#log, 20);
    return bytes;
  }
}
