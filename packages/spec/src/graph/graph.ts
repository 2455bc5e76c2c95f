import type { Agent, AppDocument, Table, Topic } from '../document/document.ts';
import { own } from '../document/element.ts';

export type GraphNode =
  | { readonly id: string; readonly kind: 'topic'; readonly name: string; readonly element: Topic }
  | { readonly id: string; readonly kind: 'table'; readonly name: string; readonly element: Table }
  | { readonly id: string; readonly kind: 'agent'; readonly name: string; readonly element: Agent };

export interface GraphEdge {
  /** Stable: `topic:logins>agent:count-failures`, and for an agent's outputs the step too. */
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** `records`: events of a topic. `state`: events aggregated into a table. `changes`: a table's updates. */
  readonly kind: 'records' | 'changes' | 'state';
  /** Where it leaves: a step of an agent, or a table's `changes`. */
  readonly fromPort?: string;
  readonly toPort?: string;
  /** The step of the agent that makes the edge. */
  readonly step?: string;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** The document as the canvas draws it. Edges to elements that don't exist are left out: they are problems, not edges. */
export function graphOf(document: AppDocument): Graph {
  const nodes: GraphNode[] = [
    ...Object.entries(document.topics).map(([name, element]) => ({
      id: `topic:${name}`,
      kind: 'topic' as const,
      name,
      element,
    })),
    ...Object.entries(document.agents).map(([name, element]) => ({
      id: `agent:${name}`,
      kind: 'agent' as const,
      name,
      element,
    })),
    ...Object.entries(document.tables).map(([name, element]) => ({
      id: `table:${name}`,
      kind: 'table' as const,
      name,
      element,
    })),
  ];
  const edges = Object.entries(document.agents).flatMap(([name, agent]) => edgesOf(document, name, agent));
  return { nodes, edges };
}

function edgesOf(document: AppDocument, name: string, agent: Agent): GraphEdge[] {
  const node = `agent:${name}`;
  const edges: GraphEdge[] = [];
  const { from } = agent;
  if (from.kind === 'topics') {
    for (const topic of from.topics) {
      if (own(document.topics, topic) === undefined) continue;
      edges.push({ id: `topic:${topic}>${node}`, from: `topic:${topic}`, to: node, kind: 'records' });
    }
  } else if (own(document.tables, from.table) !== undefined) {
    edges.push({
      id: `table:${from.table}>${node}`,
      from: `table:${from.table}`,
      to: node,
      kind: 'changes',
      fromPort: 'changes',
    });
  }
  for (const step of agent.steps) {
    const target = step.op === 'aggregate' ? own(document.tables, step.table) && `table:${step.table}` : undefined;
    const sent = step.op === 'send' ? own(document.topics, step.to) && `topic:${step.to}` : undefined;
    const to = target ?? sent;
    if (to === undefined) continue;
    const kind = step.op === 'aggregate' ? 'state' : 'records';
    edges.push({ id: `${node}/${step.id}>${to}`, from: node, to, kind, fromPort: step.id, step: step.id });
  }
  return edges;
}
