import type { Agent, AppDocument } from '../document/document.ts';
import { own } from '../document/element.ts';
import { changelogTopic, lateTopic, repartitionTopic } from '../names.ts';
import type { PlannedTopic } from '../plan/plan.ts';

/** An internal topic that brings events of one key together. */
export interface Repartition {
  readonly agent: string;
  readonly step: string;
  readonly topic: string;
  readonly partitions: number;
}

/** `group_by: key` changes nothing, and goes through no topic. */
export const repartitions = (step: { readonly op: string; readonly key?: string }): boolean =>
  step.op === 'group_by' && step.key?.trim() !== 'key';

/**
 * How many partitions a table has: as many as the sources of the agents that feed it, which must agree; a repartition keeps the number.
 * 1 when nothing feeds it.
 */
export const tablePartitions = (document: AppDocument, table: string): number =>
  partitionsOfTable(document, table, new Set());

/** How many partitions an agent's source has: the most of its topics; those of the table whose changes it reads. */
export const sourcePartitions = (document: AppDocument, agent: Agent): number =>
  partitionsOfSource(document, agent, new Set());

function partitionsOfSource(document: AppDocument, agent: Agent, visited: Set<string>): number {
  if (agent.from.kind === 'changes') return partitionsOfTable(document, agent.from.table, visited);
  const counts = agent.from.topics.flatMap((topic) => own(document.topics, topic)?.partitions ?? []);
  return Math.max(1, ...counts);
}

function partitionsOfTable(document: AppDocument, table: string, visited: Set<string>): number {
  if (visited.has(table)) return 1;
  const below = new Set([...visited, table]);
  const feeders = Object.values(document.agents).filter((agent) => feeds(agent, table));
  return Math.max(1, ...feeders.map((agent) => partitionsOfSource(document, agent, below)));
}

/** Whether an agent aggregates into a table. */
export const feeds = (agent: Agent, table: string): boolean =>
  agent.steps.some((step) => step.op === 'aggregate' && step.table === table);

/** Every repartition of the app, with as many partitions as its agent's source. */
export function repartitionsOf(document: AppDocument): Repartition[] {
  return Object.entries(document.agents).flatMap(([name, agent]) =>
    agent.steps.filter(repartitions).map(({ id }) => ({
      agent: name,
      step: id,
      topic: repartitionTopic(document.app, name, id),
      partitions: sourcePartitions(document, agent),
    })),
  );
}

/** Every Kafka topic that a document needs: its own, and those the engine keeps for it. Each name once. */
export function kafkaTopicsOf(document: AppDocument): PlannedTopic[] {
  const topics = new Map<string, PlannedTopic>();
  const add = (topic: PlannedTopic): void => {
    if (!topics.has(topic.name)) topics.set(topic.name, topic);
  };
  for (const { name, partitions } of Object.values(document.topics)) add({ name, partitions, role: 'topic' });
  for (const { topic, partitions } of repartitionsOf(document)) add({ name: topic, partitions, role: 'repartition' });
  const agents = Object.values(document.agents);
  for (const [id, table] of Object.entries(document.tables)) {
    if (!agents.some((agent) => feeds(agent, id))) continue;
    const partitions = tablePartitions(document, id);
    add({ name: changelogTopic(document.app, id), partitions, role: 'changelog' });
    if (table.window !== undefined) add({ name: lateTopic(document.app, id), partitions, role: 'late' });
  }
  add({ name: document.settings.deadLetterTopic, partitions: 1, role: 'dead-letters' });
  return [...topics.values()];
}
