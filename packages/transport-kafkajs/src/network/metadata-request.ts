import { encodeLength, encodeString, FlexibleReader, noTags } from './flexible.ts';
import type { Call } from './kafkajs-internals.ts';

/** Metadata (3) of version 10, the first that tells topic ids (KIP-516); KafkaJS' own stops at 6. */
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
function encodeMetadata(topics: readonly string[] | null): Buffer {
  const parts: Buffer[] = [noTags, encodeLength(topics?.length ?? null)];
  for (const topic of topics ?? []) parts.push(noId, encodeString(topic), noTags);
  // Neither creates topics nor asks what is allowed on cluster and topics.
  parts.push(Buffer.from([0, 0, 0]), noTags);
  return Buffer.concat(parts);
}

function decodeMetadata(bytes: Buffer) {
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

const noId = Buffer.alloc(16);
