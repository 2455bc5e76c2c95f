import type { TopicPartitions } from '@millrace/spec';
import {
  type Dataflow,
  type OperatorNode,
  type RecordFormat,
  type Store,
  type Subtopology,
  storeId,
} from './dataflow.ts';

/** In the order of the document; those without steps do nothing. */
export const agentsOf = ({ nodes }: Dataflow): string[] => [
  ...new Set(nodes.flatMap((node) => (node.kind === 'operator' ? [node.agent] : []))),
];

/** The operators of an agent, in the order of its steps. */
export const operatorsOf = ({ nodes }: Dataflow, agent: string): OperatorNode[] =>
  nodes.filter((node): node is OperatorNode => node.kind === 'operator' && node.agent === agent);

/** Kafka's names of the topics that an agent reads, its own repartition topics among them. */
export function topicsReadBy(dataflow: Dataflow, agent: string): Set<string> {
  const own = new Set(operatorsOf(dataflow, agent).map(({ id }) => id));
  return topicsInto(dataflow, (node) => own.has(node));
}

/** Kafka's names of the topics that an agent begins with; empty where it reads a table's changes. */
export function sourcesOf(dataflow: Dataflow, agent: string): Set<string> {
  const [first] = operatorsOf(dataflow, agent);
  return topicsInto(dataflow, (node) => node === first?.id);
}

/** Where an agent's first step runs; null: nowhere. */
export function subtopologyOfAgent(dataflow: Dataflow, agent: string): Subtopology | null {
  const [first] = operatorsOf(dataflow, agent);
  return dataflow.subtopologies.find(({ nodes }) => first !== undefined && nodes.includes(first.id)) ?? null;
}

/** The topics of the document whose records come to a table through operators and repartitions alone. */
export function topicsBehind({ nodes, edges }: Dataflow, table: string): RecordFormat[] {
  const known = new Map(nodes.map((node) => [node.id, node]));
  const found = new Map<string, RecordFormat>();
  const seen = new Set<string>();
  const visit = (id: string): void => {
    if (seen.has(id)) return;
    seen.add(id);
    const node = known.get(id);
    if (node?.kind === 'source' && node.format.element !== null) found.set(node.format.topic, node.format);
    for (const { from, to } of edges) if (to.node === id && known.get(from.node)?.kind !== 'store') visit(from.node);
  };
  visit(storeId(table));
  return [...found.values()];
}

/** What a subtopology keeps, in the order in which changes flow. */
export const storesIn = ({ stores }: Dataflow, part: Subtopology): Store[] =>
  part.stores.flatMap((id) => stores.find((store) => store.id === id) ?? []);

/** Where a table is kept; null: nothing is folded into it. */
export const subtopologyOfStore = ({ subtopologies }: Dataflow, table: string): Subtopology | null =>
  subtopologies.find(({ stores }) => stores.includes(table)) ?? null;

function topicsInto({ nodes, edges }: Dataflow, isInto: (node: string) => boolean): Set<string> {
  const from = new Set(
    edges.filter(({ kind, to }) => kind === 'forward' && isInto(to.node)).map((edge) => edge.from.node),
  );
  return new Set(nodes.flatMap((node) => (node.kind === 'source' && from.has(node.id) ? [node.format.topic] : [])));
}

/** Parts whose tables or repartition topics have other partitions in Kafka than they need. */
export const staleParts = (dataflow: Dataflow, there: TopicPartitions): Subtopology[] => {
  const needed = new Map(dataflow.topics.map(({ name, partitions }) => [name, partitions]));
  const differs = (name: string): boolean => there.has(name) && there.get(name) !== needed.get(name);
  return dataflow.subtopologies.filter(
    (part) =>
      storesIn(dataflow, part).some(({ changelog }) => differs(changelog)) ||
      part.outlets.some(({ topic }) => differs(topic)),
  );
};

/** These parts, and all that they exchange records with: where one is read again from its first record, all of them count again. */
export function exchanging({ subtopologies }: Dataflow, parts: Iterable<Subtopology>): ReadonlySet<Subtopology> {
  const found = new Set(parts);
  for (const part of found) {
    for (const other of subtopologies) {
      const joined =
        part.outlets.some(({ topic }) => other.sources.includes(topic)) ||
        other.outlets.some(({ topic }) => part.sources.includes(topic));
      if (joined) found.add(other);
    }
  }
  return found;
}
