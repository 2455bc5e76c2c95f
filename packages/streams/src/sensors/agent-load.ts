import { type AppDocument, repartitionTopic } from '@millrace/spec';
import type { Clock } from '../clock.ts';
import type { Task } from '../task/task.ts';
import type { Topology } from '../topology/topology.ts';
import { type Load, LoadMeter } from './load-meter.ts';

const idle: Load = { busyMs: 0, idleMs: 1_000, backpressuredMs: 0 };

/**
 * Busy, idle and backpressured time of each agent. An agent is busy while one of its tasks has events at hand: agents of one subtopology run in
 * one chain and share its figures, as chained operators do in Flink; an agent over several subtopologies has the busiest one's.
 */
export class AgentLoad {
  readonly #clock: Clock;
  readonly #meters = new Map<string, LoadMeter>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Notes what the tasks of each subtopology do from now on. */
  update(tasks: Iterable<Task>, backpressured: boolean): void {
    const nowMs = this.#clock.monotonic();
    const working = new Set<string>();
    for (const task of tasks) {
      if (task.hasWork) working.add(task.subtopology.id);
      this.#meter(task.subtopology.id, nowMs);
    }
    for (const [id, meter] of this.#meters)
      meter.enter(working.has(id) ? (backpressured ? 'backpressured' : 'busy') : 'idle', nowMs);
  }

  read(topology: Topology): Readonly<Record<string, Load>> {
    const nowMs = this.#clock.monotonic();
    return Object.fromEntries(
      Object.keys(topology.document.agents).map((agent) => {
        const loads = subtopologiesOf(topology, agent).map((id) => this.#meters.get(id)?.read(nowMs) ?? idle);
        return [agent, loads.reduce((most, load) => (load.idleMs < most.idleMs ? load : most), idle)];
      }),
    );
  }

  #meter(id: string, nowMs: number): LoadMeter {
    let meter = this.#meters.get(id);
    if (!meter) {
      meter = new LoadMeter(nowMs);
      this.#meters.set(id, meter);
    }
    return meter;
  }
}

/** Where an agent's steps run: with its source, and behind each of its repartitions. */
const subtopologiesOf = (topology: Topology, agentId: string): string[] => {
  const document: AppDocument = topology.document;
  const agent = document.agents[agentId];
  if (!agent) return [];
  const from = agent.from;
  const topics = from.kind === 'topics' ? from.topics.map((id) => document.topics[id]?.name ?? id) : [];
  const repartitions = agent.steps
    .filter((step) => step.op === 'group_by')
    .map((step) => repartitionTopic(topology.app, agentId, step.id));
  return topology.subtopologies
    .filter(
      ({ sources, tables }) =>
        sources.some((source) => topics.includes(source) || repartitions.includes(source)) ||
        (from.kind === 'changes' && tables.some((table) => table.id === from.table)),
    )
    .map(({ id }) => id);
};
