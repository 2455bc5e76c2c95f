import { encodeLength, encodeString, FlexibleReader, noTags } from '../network/flexible.ts';
import type { Call } from '../network/kafkajs-internals.ts';
import type { AbortedTransaction } from '../records/aborted-transactions.ts';
import { type FetchedPartition, failedAsAWhole } from './fetch-response.ts';

/**
 * Fetch (1) of version 13, the first that names topics by their ids (KIP-516); KafkaJS' own stops at 11. By its name, a topic that was deleted and
 * made anew would be read on in the middle until somebody notices; by its id it is unknown at once.
 */
const version = 13;

/** What KafkaJS' request is made of, with each topic's id. */
export interface FetchById {
  readonly isolationLevel: number;
  readonly maxWaitTime: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly topics: readonly {
    readonly topic: string;
    /** 32 hexadecimal digits. */
    readonly topicId: string;
    readonly partitions: readonly AskedPartition[];
  }[];
}

/** As KafkaJS has it. */
export interface AskedPartition {
  readonly partition: number;
  readonly fetchOffset: string;
  readonly maxBytes: number;
}

export const servesFetchById = (served: number | undefined): boolean => served !== undefined && served >= version;

export const byId = (call: Call, fetch: FetchById, uncommitted: boolean): Call => ({
  ...call,
  request: {
    ...call.request,
    apiVersion: version,
    encode: async () => {
      const buffer = encodeFetch(fetch);
      return { buf: buffer, buffer };
    },
  },
  response: { ...call.response, decode: async (bytes) => decodeFetch(bytes, fetch, uncommitted) },
});

/** The request's body, behind the end of its flexible header. */
function encodeFetch({ isolationLevel, maxWaitTime, minBytes, maxBytes, topics }: FetchById): Buffer {
  const head = Buffer.alloc(25);
  head.writeInt32BE(-1, 0); // no replica
  head.writeInt32BE(maxWaitTime, 4);
  head.writeInt32BE(minBytes, 8);
  head.writeInt32BE(maxBytes, 12);
  head.writeInt8(isolationLevel, 16);
  head.writeInt32BE(0, 17); // no fetch session …
  head.writeInt32BE(-1, 21); // … and none is to begin
  const parts: Buffer[] = [noTags, head, encodeLength(topics.length)];
  for (const { topicId, partitions } of topics) {
    parts.push(Buffer.from(topicId, 'hex'), encodeLength(partitions.length));
    for (const each of partitions) {
      const partition = Buffer.alloc(32);
      partition.writeInt32BE(each.partition, 0);
      partition.writeInt32BE(-1, 4); // current leader epoch: not known
      partition.writeBigInt64BE(BigInt(each.fetchOffset), 8);
      partition.writeInt32BE(-1, 16); // last fetched epoch
      partition.writeBigInt64BE(-1n, 20); // a follower's log start
      partition.writeInt32BE(each.maxBytes, 28);
      parts.push(partition, noTags);
    }
    parts.push(noTags);
  }
  parts.push(encodeLength(0), encodeString(''), noTags); // nothing to forget, no rack
  return Buffer.concat(parts);
}

function decodeFetch(bytes: Buffer, { topics }: FetchById, uncommitted: boolean): FetchedPartition[] {
  const names = new Map(topics.map(({ topic, topicId }) => [topicId, topic]));
  const read = new FlexibleReader(bytes);
  read.tags();
  read.int32(); // throttle time
  failedAsAWhole(read.int16());
  read.int32(); // session
  const answers = read.array(() => {
    // An id that was not asked for names nothing that anybody waits for.
    const topic = names.get(read.id() ?? '') ?? '';
    const partitions = read.array(() => {
      const partition = read.int32();
      const errorCode = read.int16();
      const highWatermark = read.int64();
      const stableOffset = read.int64();
      read.int64(); // log start
      const aborted = read.array((): AbortedTransaction => {
        const transaction = { producerId: read.int64(), firstOffset: read.int64() };
        read.tags();
        return transaction;
      });
      read.int32(); // preferred read replica
      const records = read.bytes();
      read.tags();
      const end = uncommitted || stableOffset < 0n ? highWatermark : stableOffset;
      return { topic, partition, errorCode, end, logEnd: highWatermark, aborted, bytes: records };
    });
    read.tags();
    return partitions;
  });
  return answers.flat();
}
