import { agentsOf, type Dataflow, indexOf, operatorsOf } from '@millrace/dataflow';

/** The agents in the direction of the records: each after those whose topics or tables it reads. As written, where that leaves a choice. */
export function agentOrder(dataflow: Dataflow): readonly string[] {
  const agents = agentsOf(dataflow);
  const ends = new Map(agents.map((agent) => [agent, endsOf(dataflow, agent)]));
  const feeders = (reader: string): string[] =>
    agents.filter((writer) => [...(ends.get(writer)?.written ?? [])].some((name) => ends.get(reader)?.read.has(name)));
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

/** Tables and topics that an agent reads, and that it folds into and sends to. */
function endsOf(
  dataflow: Dataflow,
  agent: string,
): { readonly read: ReadonlySet<string>; readonly written: ReadonlySet<string> } {
  const { nodes, into, outOf } = indexOf(dataflow);
  const named = (id: string): string[] => {
    const node = nodes.get(id);
    if (node?.kind === 'store') return [`table ${node.store}`];
    if (node?.kind === 'source') return [`topic ${node.format.topic}`];
    return node?.kind === 'sink' ? [`topic ${node.topic}`] : [];
  };
  const own = operatorsOf(dataflow, agent);
  return {
    read: new Set(own.flatMap(({ id }) => (into.get(id) ?? []).flatMap(({ from }) => named(from.node)))),
    written: new Set(own.flatMap(({ id }) => (outOf.get(id) ?? []).flatMap(({ to }) => named(to.node)))),
  };
}
