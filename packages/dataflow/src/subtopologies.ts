import type { AgentFlow } from './agent-steps.ts';
import {
  type Copartitioning,
  type DataflowEdge,
  type DataflowNode,
  type FeederTopic,
  type Outlet,
  type Subtopology,
  sourceId,
  storeId,
} from './dataflow.ts';
import type { Partitions } from './partitions.ts';

/** A part of the graph before it is known what feeds it. */
interface Component {
  readonly nodes: readonly DataflowNode[];
  readonly sources: readonly string[];
  readonly stores: readonly string[];
}

/** Cuts the graph where records go through a topic. What no source leads to runs nowhere. */
export function subtopologiesOf(
  nodes: readonly DataflowNode[],
  edges: readonly DataflowEdge[],
  flows: ReadonlyMap<string, AgentFlow>,
  partitions: Partitions,
): Subtopology[] {
  const components = componentsOf(nodes, edges);
  return components.map(({ nodes: own, sources, stores }): Subtopology => {
    const agents = new Set(own.flatMap((node) => (node.kind === 'operator' ? [node.agent] : [])));
    const ids = new Set(own.map(({ id }) => id));
    return {
      id: sources.join('+'),
      sources,
      partitions: Math.max(...sources.map((topic) => partitions.topic(topic))),
      nodes: [...ids],
      stores,
      because: reasons(own, edges, sources),
      feeders: Object.fromEntries(
        sources.flatMap((topic) => {
          const repartition = repartitionsIn(flows).find((each) => each.topic === topic);
          return repartition === undefined ? [] : [[topic, feedersOf(repartition.from, components, partitions)]];
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
function componentsOf(nodes: readonly DataflowNode[], edges: readonly DataflowEdge[]): Component[] {
  const inside = nodes.filter(({ kind }) => kind !== 'sink');
  const ids = new Set(inside.map(({ id }) => id));
  const sets = new DisjointSets();
  for (const { kind, from, to } of edges) if (kind === 'forward' && ids.has(to.node)) sets.join(from.node, to.node);
  const groups = new Map<string, DataflowNode[]>();
  for (const node of inside) {
    const root = sets.find(node.id);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [node]);
    else group.push(node);
  }
  return [...groups.values()]
    .map((members): Component => {
      const sources = members.flatMap((node) => (node.kind === 'source' ? [node.format.topic] : [])).sort();
      const stores = members.flatMap((node) => (node.kind === 'store' ? [node.store] : []));
      return { nodes: members, sources, stores: inFlow(stores, edges) };
    })
    .filter(({ sources }) => sources.length > 0)
    .sort((a, b) => ((a.sources[0] ?? '') < (b.sources[0] ?? '') ? -1 : 1));
}

/** Stores that are folded into, sorted so that each comes after all whose changes are folded into it. */
function inFlow(stores: readonly string[], edges: readonly DataflowEdge[]): string[] {
  const into = edgesInto(edges);
  const sorted: string[] = [];
  const seen = new Set<string>();
  const visit = (node: string): void => {
    if (seen.has(node)) return;
    seen.add(node);
    for (const { kind, from } of into.get(node) ?? []) if (kind === 'forward') visit(from.node);
    const store = stores.find((id) => storeId(id) === node);
    if (store !== undefined && into.has(node)) sorted.push(store);
  };
  for (const store of stores) visit(storeId(store));
  return sorted;
}

function reasons(
  nodes: readonly DataflowNode[],
  edges: readonly DataflowEdge[],
  sources: readonly string[],
): Copartitioning[] {
  if (sources.length < 2) return [];
  const into = edgesInto(edges);
  const leadsFrom = (node: string, seen: Set<string>): Set<string> => {
    if (seen.has(node)) return seen;
    seen.add(node);
    for (const { kind, from } of into.get(node) ?? []) if (kind === 'forward') leadsFrom(from.node, seen);
    return seen;
  };
  const sourcesBehind = (node: string): string[] => {
    const behind = leadsFrom(node, new Set());
    return sources.filter((topic) => behind.has(sourceId(topic)));
  };
  const found = new Map<string, Copartitioning>();
  for (const node of nodes) {
    if (node.kind !== 'operator' && node.kind !== 'store') continue;
    const by =
      node.kind === 'store' ? { kind: 'table' as const, id: node.store } : { kind: 'agent' as const, id: node.agent };
    const behind = sourcesBehind(node.id);
    const key = `${by.kind} ${by.id}`;
    if (behind.length > 1 && !found.has(key)) found.set(key, { by, sources: behind });
  }
  return [...found.values()];
}

/** Whose partitions are repartitioned, in the order of their origins' numbers. */
const feedersOf = (from: Outlet['from'], components: readonly Component[], partitions: Partitions): FeederTopic[] =>
  from.kind === 'changes'
    ? components
        .filter(({ stores }) => stores.includes(from.table))
        .map(({ sources }) => ({
          name: from.table,
          topics: sources,
          partitions: Math.max(...sources.map((topic) => partitions.topic(topic))),
          byRecords: false,
        }))
    : from.topics.map((topic) => ({
        name: topic,
        topics: [topic],
        partitions: partitions.topic(topic),
        byRecords: !components.some(({ nodes }) =>
          nodes.some((node) => node.kind === 'source' && node.format.topic === topic && node.format.repartitioned),
        ),
      }));

function edgesInto(edges: readonly DataflowEdge[]): ReadonlyMap<string, readonly DataflowEdge[]> {
  const into = new Map<string, DataflowEdge[]>();
  for (const edge of edges) {
    const others = into.get(edge.to.node);
    if (others === undefined) into.set(edge.to.node, [edge]);
    else others.push(edge);
  }
  return into;
}

const repartitionsIn = (flows: ReadonlyMap<string, AgentFlow>) =>
  [...flows.values()].flatMap(({ repartitions }) => repartitions);

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
