import type { Call } from './kafkajs-internals.ts';

/**
 * Metadata (3) of version 10, the first that tells topic ids (KIP-516); KafkaJS' own stops at 6. Flexible (KIP-482): lengths are varints plus one,
 * and structures end with tagged fields, which we pass over.
 */
const version = 10;

/** The call in the newest form that both sides speak: `served` is the broker's newest version, or undefined where it does not say. */
export const withTopicIds = (call: Call, topics: readonly string[] | null, served: number | undefined): Call => {
  if (served === undefined || served < version) return call;
  return {
    ...call,
    request: { ...call.request, apiVersion: version, encode: async () => encoded(topics) },
    response: { ...call.response, decode: async (bytes) => decodeMetadata(bytes) },
  };
};

const encoded = (topics: readonly string[] | null) => {
  const buffer = encodeMetadata(topics);
  return { buf: buffer, buffer };
};

/** The request's body, behind the end of its flexible header. Null asks for all topics. */
export function encodeMetadata(topics: readonly string[] | null): Buffer {
  const parts: Buffer[] = [noTags, varint(topics === null ? 0 : topics.length + 1)];
  for (const topic of topics ?? []) {
    const name = Buffer.from(topic);
    parts.push(noId, varint(name.length + 1), name, noTags);
  }
  // Neither creates topics nor asks what is allowed on cluster and topics.
  parts.push(Buffer.from([0, 0, 0]), noTags);
  return Buffer.concat(parts);
}

export function decodeMetadata(bytes: Buffer) {
  const read = new FlexibleReader(bytes);
  read.tags();
  const throttleTime = read.int32();
  const brokers = read.array(() => {
    const broker = { nodeId: read.int32(), host: read.string() ?? '', port: read.int32(), rack: read.string() };
    read.tags();
    return broker;
  });
  const clusterId = read.string();
  const controllerId = read.int32();
  const topicMetadata = read.array(() => {
    const topic = {
      topicErrorCode: read.int16(),
      topic: read.string() ?? '',
      topicId: read.id(),
      isInternal: read.boolean(),
      partitionMetadata: read.array(() => {
        const partitionErrorCode = read.int16();
        const partitionId = read.int32();
        const leader = read.int32();
        read.int32(); // leader epoch
        const replicas = read.array(() => read.int32());
        const isr = read.array(() => read.int32());
        const offlineReplicas = read.array(() => read.int32());
        read.tags();
        return { partitionErrorCode, partitionId, leader, replicas, isr, offlineReplicas };
      }),
    };
    read.int32(); // what is allowed
    read.tags();
    return topic;
  });
  return { throttleTime, brokers, clusterId, controllerId, topicMetadata };
}

const noTags = Buffer.from([0]);
const noId = Buffer.alloc(16);

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
  return Buffer.from(bytes);
}

/** Reads on from where it is. */
class FlexibleReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  boolean(): boolean {
    return this.#bytes.readInt8(this.#step(1)) !== 0;
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#step(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#step(4));
  }

  /** As 32 hexadecimal digits; null: the topic has none. */
  id(): string | null {
    const at = this.#step(16);
    const id = this.#bytes.toString('hex', at, at + 16);
    return /^0+$/.test(id) ? null : id;
  }

  string(): string | null {
    const length = this.#varint() - 1;
    if (length < 0) return null;
    const at = this.#step(length);
    return this.#bytes.toString('utf8', at, at + length);
  }

  /** A null array is empty. */
  array<T>(item: () => T): T[] {
    const length = Math.max(0, this.#varint() - 1);
    return Array.from({ length }, item);
  }

  tags(): void {
    for (let count = this.#varint(); count > 0; count--) {
      this.#varint();
      this.#step(this.#varint());
    }
  }

  #varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes.readUInt8(this.#step(1));
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }

  /** Passes over bytes; where they began. */
  #step(bytes: number): number {
    const at = this.#at;
    this.#at += bytes;
    return at;
  }
}
