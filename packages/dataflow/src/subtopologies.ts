import type { AgentFlow } from './agent-steps.ts';
import {
  type Copartitioning,
  type DataflowEdge,
  type DataflowNode,
  type FeederTopic,
  type Outlet,
  type Subtopology,
  storeId,
} from './dataflow.ts';
import { grouped } from './dataflow-index.ts';
import type { Partitions } from './partitions.ts';
import { type Edges, upstreamFirst } from './upstream-first.ts';

/** A part of the graph before it is known what feeds it. */
interface Component {
  readonly nodes: readonly DataflowNode[];
  readonly sources: readonly string[];
  readonly stores: readonly string[];
}

/** Cuts the graph where records go through a topic. What no source leads to runs nowhere, and what an agent repartitions last nobody reads. */
export function subtopologiesOf(
  nodes: readonly DataflowNode[],
  edges: readonly DataflowEdge[],
  flows: ReadonlyMap<string, AgentFlow>,
  partitions: Partitions,
): Subtopology[] {
  const into = grouped(edges, ({ to }) => to.node);
  const repartitions = new Map(
    [...flows.values()].flatMap((flow) => flow.repartitions.map((each) => [each.topic, each] as const)),
  );
  const components = componentsOf(nodes, edges, into);
  const keeping = new Map(components.flatMap((part) => part.stores.map((id) => [id, part] as const)));
  const partitionsOf = (topics: readonly string[]): number =>
    Math.max(1, ...topics.map((topic) => partitions.topic(topic)));

  /** Whose partitions are repartitioned, in the order of their origins' numbers. */
  const feedersOf = (from: Outlet['from']): FeederTopic[] => {
    if (from.kind === 'topics')
      return from.topics.map((topic) => ({
        name: topic,
        topics: [topic],
        partitions: partitions.topic(topic),
        byRecords: !repartitions.has(topic),
      }));
    const { sources = [] } = keeping.get(from.table) ?? {};
    if (sources.length === 0) return [];
    return [{ name: from.table, topics: sources, partitions: partitionsOf(sources), byRecords: false }];
  };

  return components.map(({ nodes: members, sources, stores }): Subtopology => {
    const ids = new Set(members.map(({ id }) => id));
    const agents = new Set(members.flatMap((node) => (node.kind === 'operator' ? [node.agent] : [])));
    return {
      id: sources.join('+'),
      sources,
      partitions: partitionsOf(sources),
      nodes: [...ids],
      stores,
      because: reasons(members, into),
      feeders: Object.fromEntries(
        sources.flatMap((topic) => {
          const repartition = repartitions.get(topic);
          return repartition === undefined ? [] : [[topic, feedersOf(repartition.from)]];
        }),
      ),
      outlets: [...agents].flatMap((agent) =>
        (flows.get(agent)?.repartitions ?? [])
          .filter(({ step }) => ids.has(step))
          .map(({ topic, from }): Outlet => ({ topic, from, partitions: partitions.topic(topic) })),
      ),
    };
  });
}

/** Nodes that forward edges join, sinks apart: whoever sends to one topic need not run in one task. In the order of their first source. */
function componentsOf(nodes: readonly DataflowNode[], edges: readonly DataflowEdge[], into: Edges): Component[] {
  const inside = nodes.filter(({ kind }) => kind !== 'sink');
  const ids = new Set(inside.map(({ id }) => id));
  const sets = new DisjointSets();
  for (const { kind, from, to } of edges) if (kind === 'forward' && ids.has(to.node)) sets.join(from.node, to.node);
  const groups = grouped(inside, ({ id }) => sets.find(id));
  return [...groups.values()]
    .map((members): Component => {
      const sources = members.flatMap((node) => (node.kind === 'source' ? [node.format.topic] : [])).sort();
      const stores = members.flatMap((node) => (node.kind === 'store' ? [node.store] : []));
      return { nodes: members, sources, stores: inFlow(stores, into) };
    })
    .filter(({ nodes: members, sources }) => sources.length > 0 && members.some(({ kind }) => kind === 'operator'))
    .sort((a, b) => ((a.sources[0] ?? '') < (b.sources[0] ?? '') ? -1 : 1));
}

/** Stores that are folded into, sorted so that each comes after all whose changes are folded into it. */
function inFlow(stores: readonly string[], into: Edges): string[] {
  const known = new Map(stores.map((id) => [storeId(id), id]));
  return upstreamFirst([...known.keys()], into).flatMap((node) => (into.has(node) ? (known.get(node) ?? []) : []));
}

/** Where sources come together: at an agent, or at a table. What only follows from that is not said again. */
function reasons(nodes: readonly DataflowNode[], into: Edges): Copartitioning[] {
  const known = new Map(nodes.map((node) => [node.id, node]));
  const found = new Map<string, Copartitioning>();
  const behind = new Map<string, readonly string[]>();
  for (const id of upstreamFirst([...known.keys()], into)) {
    const node = known.get(id);
    if (node === undefined) continue;
    if (node.kind === 'source') behind.set(id, [node.format.topic]);
    else {
      const [first = [], ...others] = new Set(
        (into.get(id) ?? []).flatMap(({ from }) => [behind.get(from.node) ?? []]),
      );
      const sources = others.length === 0 ? first : [...new Set([...first, ...others.flat()])].sort();
      behind.set(id, sources);
      if (sources.length === first.length || (node.kind !== 'operator' && node.kind !== 'store')) continue;
      const by =
        node.kind === 'store' ? { kind: 'table' as const, id: node.store } : { kind: 'agent' as const, id: node.agent };
      found.set(`${by.kind} ${by.id}`, { by, sources });
    }
  }
  return [...found.values()];
}

class DisjointSets {
  readonly #parents = new Map<string, string>();

  find(node: string): string {
    let at = node;
    for (let parent = this.#parents.get(at); parent !== undefined; parent = this.#parents.get(at)) at = parent;
    return at;
  }

  join(a: string, b: string): void {
    const [first, second] = [this.find(a), this.find(b)];
    if (first !== second) this.#parents.set(second, first);
  }
}
