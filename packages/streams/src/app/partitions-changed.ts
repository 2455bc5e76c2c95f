import type { Topology } from '../topology/topology.ts';
import type { AssignedTopic } from '../transport/group-consumer.ts';

/** A source has other partitions than the state that is kept by them: its keys would be split. Waiting does not help, a new version does. */
export class PartitionsChanged extends Error {
  override readonly name = 'PartitionsChanged';
}

/** What a person can do about a source that has `found` partitions where tables are kept by `kept`. Both ways work when obeyed. */
const partitionWays = (found: number, kept: number): string =>
  `Put group_by: { key: key, partitions: ${kept} } in front of the aggregate to keep the state, or group_by: { key: key, partitions: ${found} } to rebuild it from the first record.`;

/** Throws `PartitionsChanged` where tables are fed straight from a topic that has been given other partitions. Where nothing is kept by the partition they are simply read. */
export const checkPartitions = (topology: Topology, topics: ReadonlyMap<string, AssignedTopic>): void => {
  for (const { sources, tables, partitions } of topology.subtopologies) {
    if (tables.length === 0) continue;
    for (const source of sources) {
      const found = topics.get(source)?.partitions ?? 0;
      if (found === 0 || found === partitions) continue;
      const names = tables.map(({ id }) => id).join(', ');
      throw new PartitionsChanged(
        `${source} has ${found} partitions now, and ${names} ${tables.length === 1 ? 'is' : 'are'} kept by ${partitions}: records of one key would be counted in two places. ${partitionWays(found, partitions)}`,
      );
    }
  }
};
