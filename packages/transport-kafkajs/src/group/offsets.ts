import { type OffsetCommit, partitionId, type TopicPartition, TransportError } from '@millrace/streams';
import { BackOff } from '../network/back-off.ts';
import type { Cluster } from '../network/cluster.ts';
import { kafkaCode, refusal } from '../network/kafka-failure.ts';

/** How often a coordinator that is moving or loading is waited for, before it is an error. */
const attempts = 8;

/** Runs a request against a group's coordinator, found anew when it has moved. Retries what is worth it; throws the rest. */
export async function withCoordinator<Answer>(
  cluster: Cluster,
  groupId: string,
  signal: AbortSignal,
  request: (coordinator: Awaited<ReturnType<Cluster['coordinator']>>) => Promise<Answer>,
): Promise<Answer> {
  const backOff = new BackOff();
  for (let attempt = 1; ; attempt++) {
    try {
      return await request(await cluster.coordinator(groupId));
    } catch (error) {
      const again = error instanceof TransportError && error.retriable;
      if (!again || attempt === attempts || signal.aborted) throw error;
      await backOff.wait(signal);
    }
  }
}

const byTopic = <T extends TopicPartition>(partitions: readonly T[]): [string, T[]][] => {
  const topics = new Map<string, T[]>();
  for (const partition of partitions) {
    const same = topics.get(partition.topic);
    if (same === undefined) topics.set(partition.topic, [partition]);
    else same.push(partition);
  }
  return [...topics];
};

interface FetchedOffsets {
  readonly errorCode?: number;
  readonly responses: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly offset: string;
      readonly metadata: string | null;
      readonly errorCode: number;
    }[];
  }[];
}

export interface CommittedOffset {
  /** −1n: none. */
  readonly offset: bigint;
  /** Empty: none. */
  readonly metadata: string;
}

/** A group's committed offsets by `partitionId`. */
export async function committedOffsets(
  cluster: Cluster,
  groupId: string,
  partitions: readonly TopicPartition[],
  signal: AbortSignal,
): Promise<Map<string, CommittedOffset>> {
  if (partitions.length === 0) return new Map();
  return withCoordinator(cluster, groupId, signal, async (coordinator) => {
    const { errorCode = 0, responses } = await coordinator.send<FetchedOffsets>('OffsetFetch', {
      groupId,
      topics: byTopic(partitions).map(([topic, same]) => ({
        topic,
        partitions: same.map(({ partition }) => ({ partition })),
      })),
    });
    if (errorCode !== kafkaCode.none) throw refusal(errorCode, `group ${groupId}`);
    const offsets = new Map(
      partitions.map(({ topic, partition }) => [partitionId(topic, partition), { offset: -1n, metadata: '' }]),
    );
    for (const { topic, partitions } of responses) {
      for (const { partition, offset, metadata, errorCode } of partitions) {
        if (errorCode !== kafkaCode.none && errorCode !== kafkaCode.unknownTopicOrPartition) {
          throw refusal(errorCode, `group ${groupId}, ${topic}/${partition}`);
        }
        offsets.set(partitionId(topic, partition), { offset: BigInt(offset), metadata: metadata ?? '' });
      }
    }
    return offsets;
  });
}

interface CommittedOffsets {
  readonly responses: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly errorCode: number }[];
  }[];
}

/** Commits as a member of a generation. Throws `fenced` when the group has moved on. */
export async function commitOffsets(
  cluster: Cluster,
  member: { readonly groupId: string; readonly memberId: string; readonly generation: number },
  offsets: readonly OffsetCommit[],
  signal: AbortSignal,
): Promise<void> {
  const { groupId, memberId, generation } = member;
  await withCoordinator(cluster, groupId, signal, async (coordinator) => {
    const { responses } = await coordinator.send<CommittedOffsets>('OffsetCommit', {
      groupId,
      memberId,
      groupGenerationId: generation,
      retentionTime: -1,
      topics: byTopic(offsets).map(([topic, same]) => ({
        topic,
        partitions: same.map(({ partition, offset, metadata = '' }) => ({
          partition,
          offset: offset.toString(),
          metadata,
        })),
      })),
    });
    for (const { topic, partitions } of responses) {
      for (const { partition, errorCode } of partitions) {
        if (errorCode !== kafkaCode.none) throw refusal(errorCode, `group ${groupId}, commit of ${topic}/${partition}`);
      }
    }
  });
}
