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
