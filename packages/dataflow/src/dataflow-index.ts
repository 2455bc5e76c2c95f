import type { Dataflow, DataflowEdge, DataflowNode, KafkaTopic, OperatorNode, Store, Subtopology } from './dataflow.ts';

/** A dataflow to look things up in. */
export interface DataflowIndex {
  /** By id. */
  readonly nodes: ReadonlyMap<string, DataflowNode>;
  /** By the node that they lead to. */
  readonly into: ReadonlyMap<string, readonly DataflowEdge[]>;
  /** By the node that they come from. */
  readonly outOf: ReadonlyMap<string, readonly DataflowEdge[]>;
  /** By agent, in the order of its steps. */
  readonly operators: ReadonlyMap<string, readonly OperatorNode[]>;
  /** By id. */
  readonly stores: ReadonlyMap<string, Store>;
  /** By name. */
  readonly topics: ReadonlyMap<string, KafkaTopic>;
  /** By the ids of their nodes. */
  readonly parts: ReadonlyMap<string, Subtopology>;
}

const known = new WeakMap<Dataflow, DataflowIndex>();

/** Made when it is first wanted. */
export function indexOf(dataflow: Dataflow): DataflowIndex {
  const index = known.get(dataflow) ?? makeIndex(dataflow);
  known.set(dataflow, index);
  return index;
}

function makeIndex({ nodes, edges, stores, topics, subtopologies }: Dataflow): DataflowIndex {
  return {
    nodes: new Map(nodes.map((node) => [node.id, node])),
    into: grouped(edges, ({ to }) => to.node),
    outOf: grouped(edges, ({ from }) => from.node),
    operators: grouped(
      nodes.filter((node) => node.kind === 'operator'),
      ({ agent }) => agent,
    ),
    stores: new Map(stores.map((store) => [store.id, store])),
    topics: new Map(topics.map((topic) => [topic.name, topic])),
    parts: new Map(subtopologies.flatMap((part) => part.nodes.map((node) => [node, part] as const))),
  };
}

export function grouped<T>(all: readonly T[], keyOf: (each: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) {
    const key = keyOf(each);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  return groups;
}
