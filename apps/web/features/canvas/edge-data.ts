import { type AppDocument, type GraphEdge, type Problem, repartitionTopic } from '@millrace/spec';
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
  document: AppDocument,
  problems: readonly Problem[],
  deployed: boolean,
): ChannelData {
  const outgoing = edge.from.startsWith('agent:');
  const agentId = outgoing ? edge.from : edge.to;
  const name = agentId.slice('agent:'.length);
  const agent = document.agents[name];
  const source = document.topics[edge.from.slice('topic:'.length)];
  const regrouped = outgoing
    ? []
    : (agent?.steps ?? [])
        .filter((step) => step.op === 'group_by')
        .map((step) => repartitionTopic(document.app, name, step.id));
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
    topics:
      edge.kind === 'records' && !outgoing
        ? [source?.name ?? edge.from.slice('topic:'.length)]
        : edge.kind === 'changes'
          ? []
          : regrouped,
    alone: outgoing || (agent?.from.kind === 'topics' ? agent.from.topics.length === 1 : true),
    deployed,
    fault: fault?.message ?? null,
  };
}

const faults = new Set(['type-mismatch', 'key-mismatch', 'copartition', 'partition-mismatch']);
