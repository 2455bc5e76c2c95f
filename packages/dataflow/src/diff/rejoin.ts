import type { Dataflow, Subtopology } from '../dataflow.ts';

/**
 * Why `after` cannot take `before`'s place at a batch boundary, in words: the app's workers must join their group again. Null: it can. The same for the plan that a
 * person reads and for the engine that carries it out.
 */
export function rejoinReason(before: Dataflow, after: Dataflow): string | null {
  if (before.app !== after.app) return `the app is ${after.app}, not ${before.app}`;
  const old = new Map(before.subtopologies.map((part) => [part.id, part]));
  const isolations = [before, after].map((dataflow) => new Set(uncommittedTopics(dataflow)));
  for (const part of after.subtopologies) {
    const was = old.get(part.id);
    if (was === undefined)
      return `${part.sources.join(', ')} ${part.sources.length > 1 ? 'are' : 'is'} read for the first time`;
    old.delete(part.id);
    if (was.partitions !== part.partitions)
      return `${part.id} has ${part.partitions} partitions, not ${was.partitions}`;
    const isolation = isolationReason(isolations, part);
    if (isolation !== null) return isolation;
    if (storesOf(was) !== storesOf(part)) return `the tables fed from ${part.id} are not the same`;
  }
  const [dropped] = old.keys();
  if (dropped !== undefined) return `${dropped} is no longer read`;
  // They are read when the app starts.
  return JSON.stringify(before.settings) === JSON.stringify(after.settings) ? null : 'its settings are others';
}

function isolationReason([was, is]: readonly ReadonlySet<string>[], { sources }: Subtopology): string | null {
  const changed = sources.find((topic) => was?.has(topic) !== is?.has(topic));
  if (changed === undefined) return null;
  return `${changed} is read ${is?.has(changed) ? 'with what is not committed' : 'only once it is committed'}`;
}

const storesOf = ({ stores }: Subtopology): string => stores.toSorted().join('\n');

/** Kafka topics whose records count before their transaction is committed. */
export const uncommittedTopics = ({ nodes }: Dataflow): string[] =>
  nodes.flatMap((node) =>
    node.kind === 'source' && node.format.isolation === 'read_uncommitted' ? [node.format.topic] : [],
  );
