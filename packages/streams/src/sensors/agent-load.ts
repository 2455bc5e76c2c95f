import type { Dataflow } from '@millrace/dataflow';
import type { Clock } from '../clock.ts';
import type { Task } from '../task/task.ts';
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

  read({ nodes, subtopologies }: Dataflow): Readonly<Record<string, Load>> {
    const nowMs = this.#clock.monotonic();
    const loads: Record<string, Load> = {};
    for (const node of nodes) if (node.kind === 'operator') loads[node.agent] = idle;
    const agents = new Map(nodes.flatMap((node) => (node.kind === 'operator' ? [[node.id, node.agent] as const] : [])));
    for (const part of subtopologies) {
      const load = this.#meters.get(part.id)?.read(nowMs) ?? idle;
      for (const id of part.nodes) {
        const agent = agents.get(id);
        if (agent !== undefined && load.idleMs < (loads[agent] ?? idle).idleMs) loads[agent] = load;
      }
    }
    return loads;
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
