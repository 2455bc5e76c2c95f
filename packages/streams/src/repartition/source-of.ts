import type { RecordFailure, Topology } from '../topology/topology.ts';
import { originIn, originsOf, readOrigin } from './origin.ts';

/** A failure behind a repartition names the record of a source that its own was made from, and keeps only the headers that came with that. */
export const withSource = (failure: RecordFailure, topology: Topology): RecordFailure => {
  const origin = topology.origins.has(failure.topic) ? originIn(failure.headers) : undefined;
  if (origin === undefined) return failure;
  const { headers, ...told } = failure;
  const own = headers?.slice(0, -1) ?? [];
  const source = sourceAt(failure.topic, originsOf(origin), topology);
  return {
    ...told,
    ...(own.length === 0 ? undefined : { headers: own }),
    ...(source === null ? undefined : { source }),
  };
};

/** Back through the repartitions, as far as they are known; null: not even the first is. */
function sourceAt(
  topic: string,
  origins: readonly Buffer[],
  topology: Topology,
): NonNullable<RecordFailure['source']> | null {
  const [nearest, ...further] = origins;
  if (nearest === undefined) return null;
  const { index, partition, offset } = readOrigin(nearest);
  const from = topology.origins.get(topic)?.[index];
  return from === undefined ? null : (sourceAt(from, further, topology) ?? { topic: from, partition, offset });
}

/** Where a failure is, in words: `logins/3 offset 17`; behind a repartition its own place, too. */
export const placeWords = ({ topic, partition, offset, source }: RecordFailure): string => {
  const own = offset < 0n ? topic : `${topic}/${partition} offset ${offset}`;
  return source === undefined ? own : `${source.topic}/${source.partition} offset ${source.offset} (as ${own})`;
};
