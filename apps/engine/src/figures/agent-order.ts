import { agentsOf, type Dataflow, operatorsOf, topicsReadBy } from '@millrace/dataflow';

/** The agents in the direction of the records: each after those whose topics or tables it reads. As written, where that leaves a choice. */
export function agentOrder(dataflow: Dataflow): readonly string[] {
  const agents = agentsOf(dataflow);
  const written = new Map(agents.map((agent) => [agent, writtenBy(dataflow, agent)]));
  const read = new Map(agents.map((agent) => [agent, readBy(dataflow, agent)]));
  const feeders = (reader: string): string[] =>
    agents.filter((writer) => [...(written.get(writer) ?? [])].some((name) => read.get(reader)?.has(name)));
  const order = new Set<string>();
  const visiting = new Set<string>();
  const visit = (agent: string): void => {
    if (order.has(agent) || visiting.has(agent)) return;
    visiting.add(agent);
    for (const feeder of feeders(agent)) visit(feeder);
    order.add(agent);
  };
  for (const agent of agents) visit(agent);
  return [...order];
}

/** Tables that an agent folds into, topics that it sends to. */
function writtenBy(dataflow: Dataflow, agent: string): Set<string> {
  const names = new Set<string>();
  for (const { step, id } of operatorsOf(dataflow, agent)) {
    if (step.op === 'aggregate') names.add(`table ${step.table}`);
    if (step.op !== 'send') continue;
    for (const { from, to } of dataflow.edges) {
      const node = from.node === id ? dataflow.nodes.find((each) => each.id === to.node) : undefined;
      if (node?.kind === 'sink') names.add(`topic ${node.topic}`);
    }
  }
  return names;
}

/** Tables whose changes come to an agent, topics that it reads. */
function readBy(dataflow: Dataflow, agent: string): Set<string> {
  const own = new Set(operatorsOf(dataflow, agent).map(({ id }) => id));
  const names = new Set([...topicsReadBy(dataflow, agent)].map((topic) => `topic ${topic}`));
  for (const { from, to } of dataflow.edges) {
    const node = own.has(to.node) ? dataflow.nodes.find(({ id }) => id === from.node) : undefined;
    if (node?.kind === 'store') names.add(`table ${node.store}`);
  }
  return names;
}
