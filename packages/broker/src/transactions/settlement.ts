import type { OffsetStore, TopicPartition } from '../groups/offset-store.ts';
import type { ControlMarker } from '../log/producer-state.ts';
import type { TopicRegistry } from '../topics/topic-registry.ts';
import { ErrorCode, KafkaError } from '../wire/error-code.ts';
import type { Transaction } from './transaction.ts';

export interface SettlementEnvironment {
  readonly topics: TopicRegistry;
  readonly offsets: OffsetStore;
}

/**
 * Carries out a verdict that is durable (PrepareCommit or PrepareAbort): offsets are committed, and every partition gets its
 * marker. May be done again after a crash or a failure in the midst of it. Throws what the disk refuses.
 */
export async function carryOut(transaction: Transaction, { topics, offsets }: SettlementEnvironment): Promise<void> {
  const marker: ControlMarker = transaction.state === 'PrepareCommit' ? 'commit' : 'abort';
  if (marker === 'commit') {
    for (const group of new Set(transaction.offsets.map((one) => one.group))) {
      await offsets.commit(
        group,
        transaction.offsets.filter((one) => one.group === group),
      );
    }
  }
  await Promise.all(transaction.partitions.map((at) => mark(transaction, at, marker, topics)));
}

async function mark(
  { producerId, epoch }: Transaction,
  { topic, partition }: TopicPartition,
  marker: ControlMarker,
  topics: TopicRegistry,
): Promise<void> {
  try {
    await topics.partition(topic, partition).appendMarker(producerId, epoch, marker);
  } catch (error) {
    // A topic that was deleted meanwhile needs no marker.
    if (!(error instanceof KafkaError && error.code === ErrorCode.unknownTopicOrPartition)) throw error;
  }
}
