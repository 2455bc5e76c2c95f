import { assert } from '../assert.ts';
import type { Clock } from '../clock.ts';
import type { Codec } from '../codecs/codec.ts';
import type { MemoryBroker } from '../transport/memory/memory-broker.ts';
import type { RecordHeaders } from '../transport/record-headers.ts';
import { type HeaderTexts, headerTexts } from './header-texts.ts';

export interface TestRecord {
  readonly key: unknown;
  readonly value: unknown;
  readonly timestampMs: number;
  readonly partition: number;
  readonly offset: bigint;
  readonly headers: HeaderTexts;
}

export interface PipeOptions {
  /** Kafka's timestamp, epoch ms; the clock's now unless said otherwise. */
  readonly at?: number;
  /** By the key unless said otherwise. */
  readonly partition?: number;
  readonly headers?: RecordHeaders;
}

const json: Codec = {
  decode: (bytes) => ({ ok: true, value: bytes === null ? null : JSON.parse(bytes.toString()) }),
  encode: (value) => (value === null || value === undefined ? null : Buffer.from(JSON.stringify(value))),
};

/** A topic as a test writes and reads it, in decoded values. */
export class TestTopic {
  readonly #broker: MemoryBroker;
  readonly #clock: Clock;
  readonly #name: string;
  readonly #codec: { readonly key: Codec; readonly value: Codec };
  readonly #read = new Map<number, bigint>();

  constructor(
    broker: MemoryBroker,
    clock: Clock,
    name: string,
    codec: { readonly key: Codec; readonly value: Codec } = { key: json, value: json },
  ) {
    this.#broker = broker;
    this.#clock = clock;
    this.#name = name;
    this.#codec = codec;
  }

  /** Writes a record, at once. */
  pipe(key: unknown, value: unknown, options: PipeOptions = {}): this {
    return this.pipeBytes(this.#codec.key.encode(key), this.#codec.value.encode(value), options);
  }

  pipeBytes(key: Buffer | null, value: Buffer | null, options: PipeOptions = {}): this {
    this.#broker.append({
      topic: this.#name,
      key,
      value,
      timestampMs: options.at ?? this.#clock.now(),
      ...(options.partition === undefined ? {} : { partition: options.partition }),
      ...(options.headers ? { headers: options.headers } : {}),
    });
    this.#broker.wake();
    return this;
  }

  /** What was written since the last `read`, partition by partition. */
  read(): TestRecord[] {
    return this.#broker.logs(this.#name).flatMap((log) => {
      const from = this.#read.get(log.partition) ?? 0n;
      this.#read.set(log.partition, log.latest);
      return log.records
        .filter((record) => record.offset >= from)
        .map((record) => ({
          key: decode(this.#codec.key, record.key),
          value: decode(this.#codec.value, record.value),
          timestampMs: record.timestampMs,
          partition: log.partition,
          offset: record.offset,
          headers: headerTexts(record.headers),
        }));
    });
  }
}

const decode = (codec: Codec, bytes: Buffer | null): unknown => {
  const decoded = codec.decode(bytes);
  assert(decoded.ok, decoded.ok ? '' : decoded.reason);
  return decoded.value;
};
