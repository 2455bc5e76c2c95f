import { type Dataflow, type DataflowEdge, indexOf, type OperatorNode, type Subtopology } from '@millrace/dataflow';
import { assert } from '../assert.ts';

/**
 * Operators of one agent that its events go through one after the other, within one task. An agent has another stage where its records change their partition
 * (a repartition), and where they change their nature (what is behind an aggregate gets the table's changes).
 */
export interface Stage {
  readonly agent: string;
  readonly onError: OperatorNode['onError'];
  readonly input: StageInput;
  readonly operators: readonly OperatorNode[];
  /** The table that the last operator folds into; null: none. */
  readonly folds: string | null;
  /** Where the last operator sends its rows for the next stage; null: nowhere. */
  readonly repartition: StageRepartition | null;
}

export type StageInput =
  | {
      readonly kind: 'topics' /** In order: the place of a topic is what records name it by. */;
      readonly topics: readonly string[];
    }
  | { readonly kind: 'changes'; readonly table: string };

export interface StageRepartition {
  readonly topic: string;
  readonly key: string;
  /** See `DataflowEdge`. */
  readonly verbatim: boolean;
}

/** The stages of a subtopology: its edges, followed from where events come in. In the order of its nodes. */
export const stagesOf = (dataflow: Dataflow, { nodes: within }: Subtopology): Stage[] => {
  const { nodes: known, into, outOf } = indexOf(dataflow);
  const operators = new Map(
    within.flatMap((id) => {
      const node = known.get(id);
      return node?.kind === 'operator' ? [[id, node] as const] : [];
    }),
  );

  /** What leads to an operator from outside its agent's operators; null: nothing does, it stands behind another. */
  const inputOf = (id: string): StageInput | null => {
    const topics: string[] = [];
    for (const { from } of into.get(id) ?? []) {
      const node = known.get(from.node);
      if (node?.kind === 'store') return { kind: 'changes', table: node.store };
      if (node?.kind === 'source') topics.push(node.format.topic);
    }
    return topics.length === 0 ? null : { kind: 'topics', topics };
  };

  const repartitionOf = (edge: DataflowEdge | undefined): StageRepartition | null => {
    if (edge?.kind !== 'repartition') return null;
    const source = known.get(edge.to.node);
    assert(source?.kind === 'source', `${edge.to.node} is no source`);
    return { topic: source.format.topic, key: edge.key, verbatim: edge.verbatim };
  };

  const follow = (first: OperatorNode, input: StageInput): Stage => {
    const { agent, onError } = first;
    const chain = [first];
    for (;;) {
      const last = chain[chain.length - 1] as OperatorNode; // it has one at least
      const onwards = outOf.get(last.id)?.find(({ from }) => from.port === 'out');
      const next = onwards?.kind === 'forward' ? operators.get(onwards.to.node) : undefined;
      if (next !== undefined) {
        chain.push(next);
        continue;
      }
      const folds = last.step.op === 'aggregate' ? last.step.table : null;
      return { agent, onError, input, operators: chain, folds, repartition: repartitionOf(onwards) };
    }
  };

  return [...operators.values()].flatMap((operator) => {
    const input = inputOf(operator.id);
    return input === null ? [] : [follow(operator, input)];
  });
};
