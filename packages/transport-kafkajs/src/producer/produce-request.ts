import type { BrokerLink } from '../network/broker-link.ts';

export interface ProduceItem {
  readonly topic: string;
  readonly partition: number;
  readonly bytes: Buffer;
}

interface ProduceResponse {
  readonly topics: readonly {
    readonly topicName: string;
    readonly partitions: readonly { readonly partition: number; readonly errorCode: number }[];
  }[];
}

const allInSync = -1;
const ackTimeoutMs = 20_000;

/** One Produce request of encoded batches, one a partition; acknowledged by all in-sync replicas. Error codes by partition. */
export async function produce(
  link: BrokerLink,
  items: readonly ProduceItem[],
): Promise<readonly { readonly topic: string; readonly partition: number; readonly errorCode: number }[]> {
  // KafkaJS would encode records one by one: the batches here are encoded already.
  const { topics } = await link.send<ProduceResponse>('Produce', { topicData: [] }, (call) => ({
    ...call,
    request: {
      ...call.request,
      encode: async () => {
        const bytes = encodeProduce(items);
        return { buf: bytes, buffer: bytes };
      },
    },
  }));
  return topics.flatMap(({ topicName, partitions }) =>
    partitions.map(({ partition, errorCode }) => ({ topic: topicName, partition, errorCode })),
  );
}

/** The request's body, versions 3 to 7: transactional id, acks, timeout, topics of partitions of records. */
export function encodeProduce(items: readonly ProduceItem[]): Buffer {
  const topics = new Map<string, ProduceItem[]>();
  for (const item of items) {
    const same = topics.get(item.topic);
    if (same === undefined) topics.set(item.topic, [item]);
    else same.push(item);
  }
  let size = 2 + 2 + 4 + 4;
  for (const [topic, same] of topics) {
    size += 2 + Buffer.byteLength(topic) + 4;
    for (const { bytes } of same) size += 8 + bytes.length;
  }
  const body = Buffer.allocUnsafe(size);
  let at = body.writeInt16BE(-1, 0); // no transaction
  at = body.writeInt16BE(allInSync, at);
  at = body.writeInt32BE(ackTimeoutMs, at);
  at = body.writeInt32BE(topics.size, at);
  for (const [topic, same] of topics) {
    at = body.writeInt16BE(Buffer.byteLength(topic), at);
    at += body.write(topic, at);
    at = body.writeInt32BE(same.length, at);
    for (const { partition, bytes } of same) {
      at = body.writeInt32BE(partition, at);
      at = body.writeInt32BE(bytes.length, at);
      body.set(bytes, at);
      at += bytes.length;
    }
  }
  return body;
}
