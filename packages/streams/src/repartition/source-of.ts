import type { RecordFailure, Topology } from '../topology/topology.ts';
import { originBytes, originHeader, readOrigin } from './origin.ts';

/** A failure behind a repartition names the record that its own was made from, and keeps only the headers that came with that. */
export const withSource = (failure: RecordFailure, topology: Topology): RecordFailure => {
  const sources = topology.origins.get(failure.topic);
  const last = failure.headers?.at(-1);
  if (sources === undefined || last?.[0] !== originHeader || last[1]?.length !== originBytes) return failure;
  const { index, partition, offset } = readOrigin(last[1]);
  const topic = sources[index];
  const { headers, ...told } = failure;
  const own = headers?.slice(0, -1) ?? [];
  return {
    ...told,
    ...(own.length === 0 ? undefined : { headers: own }),
    ...(topic === undefined ? undefined : { source: { topic, partition, offset } }),
  };
};

/** Where a failure is, in words: `logins/3 offset 17`; behind a repartition its own place, too. */
export const placeWords = ({ topic, partition, offset, source }: RecordFailure): string => {
  const own = offset < 0n ? topic : `${topic}/${partition} offset ${offset}`;
  return source === undefined ? own : `${source.topic}/${source.partition} offset ${source.offset} (as ${own})`;
};
