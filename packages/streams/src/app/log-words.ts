import { partitionId, type TopicPartition } from '../transport/record.ts';

/** What became of a partition whose log does not have the offset that was to be read next. */
export function outOfRangeWords(partition: TopicPartition, position: bigint, resetTo: bigint): string {
  const log = partitionId(partition.topic, partition.partition);
  if (resetTo > position) {
    const lost = resetTo - position;
    const which = lost === 1n ? `offset ${position} was` : `${lost} offsets, ${position} to ${resetTo - 1n}, were`;
    return `${log}: ${which} deleted before the app had read ${lost === 1n ? 'it' : 'them'}, and reading goes on at ${resetTo}. Let the topic keep its records for longer than the app may be behind.`;
  }
  return `${log} ends before offset ${position}, up to which it had been read: Kafka has lost what was there. Reading goes on at ${resetTo}; tables keep what they hold.`;
}

/** An open transaction holds back what was written behind its first record. */
export function heldBackWords({ topic, partition }: TopicPartition, from: bigint, to: bigint): string {
  const count = to - from;
  const which = count === 1n ? `offset ${from} waits` : `${count} offsets, ${from} to ${to - 1n}, wait`;
  return `${partitionId(topic, partition)}: ${which} behind a transaction that has been open for more than a minute, and ${count === 1n ? 'is' : 'are'} not counted as lag. Its producer may hang or have died: Kafka ends the transaction after the producer's transaction.timeout.ms, and reading goes on.`;
}

/** A changelog has lost its beginning. */
export const cutOffWords = (changelog: string, partition: number, from: bigint): string =>
  `${partitionId(changelog, partition)} begins at offset ${from}: Kafka has deleted what stood before, and rows that have not changed since are missing. Its cleanup.policy is to be compact alone; rebuild the table to have them again.`;

/** A topic is another than the one that was read. `offsets`: how many of that one had been read. */
export const madeAnewWords = (topic: string, offsets: bigint): string =>
  `${topic} was deleted and made anew: the new one is read from its first record, and tables keep what they hold. Of the one before, ${offsets} offsets had been read; what it had beyond is gone.`;
