import type { AppDocument, Step } from '../document/document.ts';

/** Whether a step goes through an internal topic. `group_by: key` changes nothing and goes through none, unless it says with how many partitions. */
export const repartitions = (step: Step): step is Extract<Step, { op: 'group_by' }> =>
  step.op === 'group_by' && (step.key.trim() !== 'key' || step.partitions !== undefined);

/** By Kafka topic, how many partitions those have that are there. */
export type TopicPartitions = ReadonlyMap<string, number>;

/** By table, the names of the agents that aggregate into it, in the order of the document. */
export function feedersOf(document: AppDocument): ReadonlyMap<string, readonly string[]> {
  const feeders = new Map<string, string[]>();
  for (const [name, { steps }] of Object.entries(document.agents)) {
    for (const table of new Set(steps.flatMap((step) => (step.op === 'aggregate' ? [step.table] : [])))) {
      const others = feeders.get(table);
      if (others === undefined) feeders.set(table, [name]);
      else others.push(name);
    }
  }
  return feeders;
}
