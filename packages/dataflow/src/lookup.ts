import type { TopicPartitions } from '@millrace/spec';
import {
  type Dataflow,
  type OperatorNode,
  operatorId,
  type RecordFormat,
  type Store,
  type Subtopology,
  sourceId,
  storeId,
} from './dataflow.ts';
import { indexOf } from './dataflow-index.ts';

/** In the order of the document; those without steps do nothing. */
export const agentsOf = (dataflow: Dataflow): string[] => [...indexOf(dataflow).operators.keys()];

/** The operators of an agent, in the order of its steps. */
export const operatorsOf = (dataflow: Dataflow, agent: string): readonly OperatorNode[] =>
  indexOf(dataflow).operators.get(agent) ?? [];

/** Kafka's names of the topics that an agent reads, its own repartition topics among them. */
export const topicsReadBy = (dataflow: Dataflow, agent: string): Set<string> =>
  new Set(operatorsOf(dataflow, agent).flatMap(({ id }) => topicsInto(dataflow, id)));

/** Kafka's names of the topics that an agent begins with; empty where it reads a table's changes. */
export const sourcesOf = (dataflow: Dataflow, agent: string): Set<string> =>
  new Set(
    operatorsOf(dataflow, agent)
      .slice(0, 1)
      .flatMap(({ id }) => topicsInto(dataflow, id)),
  );

/** The app's own topics that come to a step within its task, through the steps before it: those that its agent last repartitioned through. */
export function repartitionsBefore(dataflow: Dataflow, agent: string, step: string): string[] {
  const { nodes, into } = indexOf(dataflow);
  const seen = new Set([operatorId(agent, step)]);
  for (const id of seen) {
    if (nodes.get(id)?.kind !== 'operator') continue;
    for (const { kind, from } of into.get(id) ?? []) if (kind === 'forward') seen.add(from.node);
  }
  return [...seen].flatMap((id) => {
    const node = nodes.get(id);
    return node?.kind === 'source' && node.format.repartitioned ? [node.format.topic] : [];
  });
}

/** The step that fills one of the app's own topics between its stages; null: none does. */
export function writerOf(dataflow: Dataflow, topic: string): OperatorNode | null {
  const { nodes, into } = indexOf(dataflow);
  const node = nodes.get(into.get(sourceId(topic))?.[0]?.from.node ?? '');
  return node?.kind === 'operator' ? node : null;
}

/** Where an agent's first step runs; null: nowhere. */
export const subtopologyOfAgent = (dataflow: Dataflow, agent: string): Subtopology | null =>
  indexOf(dataflow).parts.get(operatorsOf(dataflow, agent)[0]?.id ?? '') ?? null;

/** Where an agent's steps run: with its source, and behind each of its repartitions. */
export const subtopologiesOfAgent = (dataflow: Dataflow, agent: string): Set<Subtopology> =>
  new Set(operatorsOf(dataflow, agent).flatMap(({ id }) => indexOf(dataflow).parts.get(id) ?? []));

/** The topics of the document whose records come to a table through operators and repartitions alone. */
export function topicsBehind(dataflow: Dataflow, table: string): RecordFormat[] {
  const { nodes, into } = indexOf(dataflow);
  const seen = new Set([storeId(table)]);
  for (const id of seen) {
    for (const { from } of into.get(id) ?? []) if (nodes.get(from.node)?.kind !== 'store') seen.add(from.node);
  }
  return [...seen].flatMap((id) => {
    const node = nodes.get(id);
    return node?.kind === 'source' && node.format.element !== null ? [node.format] : [];
  });
}

/** What a subtopology keeps, in the order in which changes flow. */
export const storesIn = (dataflow: Dataflow, part: Subtopology): Store[] =>
  part.stores.flatMap((id) => indexOf(dataflow).stores.get(id) ?? []);

/** Where a table is kept; null: nothing is folded into it. */
export function subtopologyOfStore(dataflow: Dataflow, table: string): Subtopology | null {
  const { parts, into } = indexOf(dataflow);
  return into.has(storeId(table)) ? (parts.get(storeId(table)) ?? null) : null;
}

/** Parts whose tables or repartition topics have other partitions in Kafka than they need. */
export function staleParts(dataflow: Dataflow, there: TopicPartitions): Subtopology[] {
  const { topics } = indexOf(dataflow);
  const differs = (name: string): boolean => there.has(name) && there.get(name) !== topics.get(name)?.partitions;
  return dataflow.subtopologies.filter(
    (part) =>
      storesIn(dataflow, part).some(({ changelog }) => differs(changelog)) ||
      part.outlets.some(({ topic }) => differs(topic)),
  );
}

/** These parts, and all that they exchange records with: where one is read again from its first record, all of them count again. */
export function exchanging(dataflow: Dataflow, parts: Iterable<Subtopology>): ReadonlySet<Subtopology> {
  const { parts: partOf, into } = indexOf(dataflow);
  const found = new Set(parts);
  for (const part of found) {
    const readers = part.outlets.map(({ topic }) => sourceId(topic));
    const writers = part.sources.flatMap((topic) => (into.get(sourceId(topic)) ?? []).map(({ from }) => from.node));
    for (const node of [...readers, ...writers]) {
      const other = partOf.get(node);
      if (other !== undefined) found.add(other);
    }
  }
  return found;
}

function topicsInto(dataflow: Dataflow, node: string): string[] {
  const { nodes, into } = indexOf(dataflow);
  return (into.get(node) ?? []).flatMap(({ kind, from }) => {
    const source = nodes.get(from.node);
    return kind === 'forward' && source?.kind === 'source' ? [source.format.topic] : [];
  });
}
