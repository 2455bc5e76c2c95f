import { partitionId, type TopicPartition } from '@millrace/streams';
import type { Cluster } from './cluster.ts';
import { kafkaCode, refusal } from './kafka-failure.ts';
import { groupByLeader } from './list-offsets.ts';

const timeoutMs = 10_000;

interface Deleted {
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly errorCode: number }[];
  }[];
}

/** Moves the start of each partition's log to `offset`. What lies before it already is no error. */
export async function deleteRecords(
  cluster: Cluster,
  before: readonly (TopicPartition & { readonly offset: bigint })[],
): Promise<void> {
  if (before.length === 0) return;
  const offsets = new Map(before.map(({ topic, partition, offset }) => [partitionId(topic, partition), offset]));
  const byLeader = await groupByLeader(cluster, before);
  const answers = await Promise.all(
    [...byLeader].map(([leader, topics]) =>
      cluster.node(leader).send<Deleted>('DeleteRecords', {
        timeout: timeoutMs,
        topics: [...topics].map(([topic, ids]) => ({
          topic,
          partitions: ids.map((partition) => ({
            partition,
            offset: String(offsets.get(partitionId(topic, partition)) ?? 0n),
          })),
        })),
      }),
    ),
  );
  for (const { topic, partitions } of answers.flatMap(({ topics }) => topics)) {
    for (const { partition, errorCode } of partitions) {
      if (errorCode === kafkaCode.none || errorCode === kafkaCode.offsetOutOfRange) continue;
      if (errorCode === kafkaCode.notLeader) cluster.forget([topic]);
      throw refusal(errorCode, `${topic}/${partition}: its records cannot be deleted`);
    }
  }
}
