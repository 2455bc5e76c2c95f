import type { Partitioning } from './partitioning.ts';
import { type Stage, topicsOf } from './stage.ts';

/** Stages that must run in one task, because they share a source or a table. */
export interface Copartition {
  /** Kafka topics, sorted. */
  readonly sources: readonly string[];
  /** Tables aggregated into, in the order in which their changes flow: a table stands behind those that feed it. */
  readonly tables: readonly string[];
  readonly stages: readonly Stage[];
  readonly partitions: number;
}

/** Joins stages over what they read and what they aggregate into. Sorted by first source. */
export const copartition = (stages: readonly Stage[], partitioning: Partitioning): Copartition[] => {
  const sets = new DisjointSets();
  for (const stage of stages) {
    const nodes = nodesOf(stage);
    for (const node of nodes) sets.join(nodes[0] ?? node, node);
  }
  const groups = new Map<string, Stage[]>();
  for (const stage of stages) {
    const root = sets.find(nodesOf(stage)[0] ?? '');
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [stage]);
    else group.push(stage);
  }
  return [...groups.values()]
    .map((members): Copartition => {
      const sources = [...new Set(members.flatMap(({ input }) => topicsOf(input)))].sort();
      return {
        sources,
        tables: inFlow(members),
        stages: members,
        partitions: Math.max(...sources.map((topic) => partitioning.topic(topic))),
      };
    })
    .filter(({ sources }) => sources.length > 0)
    .sort((a, b) => ((a.sources[0] ?? '') < (b.sources[0] ?? '') ? -1 : 1));
};

const nodesOf = (stage: Stage): string[] => [
  ...topicsOf(stage.input).map((topic) => `topic:${topic}`),
  ...(stage.input.kind === 'changes' ? [`table:${stage.input.table}`] : []),
  ...(stage.aggregates === undefined ? [] : [`table:${stage.aggregates}`]),
];

/** Tables sorted so that each comes after all whose changes are aggregated into it. */
const inFlow = (stages: readonly Stage[]): string[] => {
  const sorted: string[] = [];
  const visit = (table: string): void => {
    if (sorted.includes(table)) return;
    for (const { aggregates, input } of stages) {
      if (aggregates === table && input.kind === 'changes') visit(input.table);
    }
    sorted.push(table);
  };
  for (const { aggregates } of stages) if (aggregates !== undefined) visit(aggregates);
  return sorted;
};

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
