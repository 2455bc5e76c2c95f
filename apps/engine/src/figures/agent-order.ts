import type { AppDocument } from '@millrace/spec';

/** The agents in the direction of the records: each after those whose topics or tables it reads. As written, where that leaves a choice. */
export function agentOrder({ agents, topics }: AppDocument): readonly string[] {
  const nameOf = (topic: string) => topics[topic]?.name ?? topic;
  const feeders = (reader: string): string[] => {
    const from = agents[reader]?.from;
    if (from === undefined) return [];
    return Object.keys(agents).filter((writer) =>
      agents[writer]?.steps.some((step) =>
        from.kind === 'changes'
          ? step.op === 'aggregate' && step.table === from.table
          : step.op === 'send' && from.topics.some((topic) => nameOf(topic) === nameOf(step.to)),
      ),
    );
  };
  const order = new Set<string>();
  const visiting = new Set<string>();
  const visit = (agent: string): void => {
    if (order.has(agent) || visiting.has(agent)) return;
    visiting.add(agent);
    for (const feeder of feeders(agent)) visit(feeder);
    order.add(agent);
  };
  for (const agent of Object.keys(agents)) visit(agent);
  return [...order];
}
