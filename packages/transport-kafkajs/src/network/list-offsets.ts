import { partitionId, type TopicPartition, TransportError } from '@millrace/streams';
import { BackOff } from './back-off.ts';
import type { Cluster } from './cluster.ts';
import { isolationLevel } from './isolation.ts';
import { kafkaCode, refusal } from './kafka-failure.ts';

/** Kafka's special times. */
export const earliest = -2;
export const latest = -1;

interface ListedOffsets {
  readonly responses: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly errorCode: number; readonly offset: string }[];
  }[];
}

/** A partition whose end is asked for. */
export interface Listed extends TopicPartition {
  /** To the high watermark; else only up to what an open transaction holds back. */
  readonly uncommitted?: boolean;
}

/** How often an election or a moved leader is waited for, before it is an error. */
const attempts = 8;

/**
 * The first offset at or after a time (epoch ms, `earliest` or `latest`), by `partitionId`; −1n where no record is that late.
 * Throws `unknown-topic` for a topic or partition that does not exist.
 */
export async function listOffsets(
  cluster: Cluster,
  partitions: readonly Listed[],
  timestampMs: number,
  signal: AbortSignal = new AbortController().signal,
): Promise<Map<string, bigint>> {
  const backOff = new BackOff();
  for (let attempt = 1; ; attempt++) {
    try {
      return await listOnce(cluster, partitions, timestampMs);
    } catch (error) {
      const again = error instanceof TransportError && error.retriable && error.code !== 'unknown-topic';
      if (!again || attempt === attempts || signal.aborted) throw error;
      cluster.forget(partitions.map(({ topic }) => topic));
      await backOff.wait(signal);
    }
  }
}

async function listOnce(
  cluster: Cluster,
  partitions: readonly Listed[],
  timestampMs: number,
): Promise<Map<string, bigint>> {
  const offsets = new Map<string, bigint>();
  const ask = async (uncommitted: boolean): Promise<readonly ListedOffsets[]> => {
    const asked = partitions.filter((partition) => (partition.uncommitted ?? false) === uncommitted);
    const byLeader = await groupByLeader(cluster, asked);
    return Promise.all(
      [...byLeader].map(([leader, topics]) =>
        cluster.node(leader).send<ListedOffsets>('ListOffsets', {
          isolationLevel: isolationLevel(uncommitted),
          topics: [...topics].map(([topic, ids]) => ({
            topic,
            partitions: ids.map((partition) => ({ partition, timestamp: timestampMs })),
          })),
        }),
      ),
    );
  };
  const answers = [...(await ask(false)), ...(await ask(true))];
  for (const { topic, partitions } of answers.flatMap(({ responses }) => responses)) {
    for (const { partition, errorCode, offset } of partitions) {
      if (errorCode !== kafkaCode.none) throw refusal(errorCode, `${topic}/${partition}`);
      offsets.set(partitionId(topic, partition), BigInt(offset));
    }
  }
  return offsets;
}

/** Partitions by the broker that leads them, then by topic. Throws `unreachable` for one without a leader, `unknown-topic`. */
export async function groupByLeader(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
): Promise<Map<number, Map<string, number[]>>> {
  const byLeader = new Map<number, Map<string, number[]>>();
  await cluster.learnLeaders(partitions.map(({ topic }) => topic));
  for (const { topic, partition } of partitions) {
    const leader = (await cluster.leaders(topic)).get(partition);
    if (leader === undefined) throw refusal(kafkaCode.unknownTopicOrPartition, `${topic}/${partition}`);
    if (leader < 0) {
      cluster.forget([topic]);
      throw refusal(kafkaCode.leaderNotAvailable, `${topic}/${partition}`);
    }
    const topics = byLeader.get(leader) ?? new Map<string, number[]>();
    topics.set(topic, [...(topics.get(topic) ?? []), partition]);
    byLeader.set(leader, topics);
  }
  return byLeader;
}
