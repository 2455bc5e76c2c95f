import type { Problem } from '@millrace/spec';
import { type Dataflow, storeId } from './dataflow.ts';
import { indexOf } from './dataflow-index.ts';
import { agentsOf, sourcesOf } from './lookup.ts';
import { upstreamFirst } from './upstream-first.ts';

/** What is read together must be partitioned alike: an agent's topics, and what feeds one table. */
export const copartitioningProblems = (dataflow: Dataflow): Problem[] => [
  ...agentProblems(dataflow),
  ...tableProblems(dataflow),
];

interface Count {
  readonly id: string;
  readonly partitions: number;
}

function agentProblems(dataflow: Dataflow): Problem[] {
  const { topics } = indexOf(dataflow);
  const elements = new Map(
    dataflow.nodes.flatMap((node) =>
      node.kind === 'source' ? [[node.format.topic, node.format.element] as const] : [],
    ),
  );
  return agentsOf(dataflow).flatMap((agent) => {
    const counts = [...sourcesOf(dataflow, agent)].map(
      (topic): Count => ({ id: elements.get(topic) ?? topic, partitions: topics.get(topic)?.partitions ?? 1 }),
    );
    return unequal(counts, ['agents', agent, 'from'], `Agent ${agent} reads topics together that differ in partitions`);
  });
}

function tableProblems(dataflow: Dataflow): Problem[] {
  const { nodes, into, topics } = indexOf(dataflow);
  /** The most of what leads to each node within its task. */
  const counts = new Map<string, number>();
  for (const id of upstreamFirst(nodes.keys(), into)) {
    const node = nodes.get(id);
    const own = node?.kind === 'source' ? (topics.get(node.format.topic)?.partitions ?? 1) : null;
    counts.set(id, own ?? Math.max(1, ...(into.get(id) ?? []).map(({ from }) => counts.get(from.node) ?? 1)));
  }
  return dataflow.stores.flatMap(({ id: table }) => {
    const feeds = new Map<string, Count>();
    for (const { from } of into.get(storeId(table)) ?? []) {
      const node = nodes.get(from.node);
      if (node?.kind === 'operator' && !feeds.has(node.agent))
        feeds.set(node.agent, { id: node.agent, partitions: counts.get(from.node) ?? 1 });
    }
    const said = `Table ${table} is fed by agents whose sources differ in partitions`;
    return unequal([...feeds.values()], ['tables', table], said);
  });
}

function unequal(counts: readonly Count[], path: readonly string[], said: string): Problem[] {
  if (new Set(counts.map(({ partitions }) => partitions)).size < 2) return [];
  const listed = counts.map(({ id, partitions }) => `${id} has ${partitions}`).join(', ');
  return [
    {
      code: 'partition-mismatch',
      severity: 'error',
      path,
      message: `${said}: ${listed}`,
      hint: 'Give them the same number of partitions.',
    },
  ];
}
