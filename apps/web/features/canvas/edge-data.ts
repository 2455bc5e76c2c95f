import { type Dataflow, repartitionsBefore } from '@millrace/dataflow';
import type { AppDocument, GraphEdge, Problem, ProblemCode } from '@millrace/spec';
import type { Edge } from '@xyflow/react';

/** What an edge is, without its figures: those it subscribes to by these ids. */
export interface ChannelData extends Record<string, unknown> {
  readonly kind: GraphEdge['kind'];
  readonly app: string;
  /** `agent:…`, whose level and rates the channel shows. */
  readonly agent: string;
  /** The step that fills the channel, for an agent's outputs; null for what an agent reads. */
  readonly step: string | null;
  /** The Kafka topics whose partitions' buffers are the channel's water. */
  readonly topics: readonly string[];
  /** The only way into its agent: then the agent's rate is the channel's. */
  readonly alone: boolean;
  readonly deployed: boolean;
  /** Why what flows does not fit. */
  readonly fault: string | null;
}
export type ChannelEdge = Edge<ChannelData, 'channel'>;

export function channelData(
  edge: GraphEdge,
  { document, dataflow }: { readonly document: AppDocument; readonly dataflow: Dataflow },
  problems: readonly Problem[],
  deployed: boolean,
): ChannelData {
  const outgoing = edge.from.startsWith('agent:');
  const agentId = outgoing ? edge.from : edge.to;
  const name = agentId.slice('agent:'.length);
  const agent = document.agents[name];
  const source = document.topics[edge.from.slice('topic:'.length)];
  const index = agent?.steps.findIndex((step) => step.id === edge.step) ?? -1;
  const fault = problems.find((problem) => {
    const [section, element, part, at] = problem.path;
    if (section !== 'agents' || element !== name || problem.severity !== 'error' || !faults.has(problem.code))
      return false;
    return outgoing ? part === 'steps' && at === index : part === 'from';
  });
  return {
    kind: edge.kind,
    app: document.app,
    agent: name,
    step: edge.step ?? null,
    topics: outgoing
      ? repartitionsBefore(dataflow, name, edge.step ?? '')
      : edge.kind === 'records'
        ? [source?.name ?? edge.from.slice('topic:'.length)]
        : [],
    alone: outgoing || (agent?.from.kind === 'topics' ? agent.from.topics.length === 1 : true),
    deployed,
    fault: fault?.message ?? null,
  };
}

const faults = new Set<ProblemCode>(['type-mismatch', 'key-mismatch', 'partition-mismatch']);
