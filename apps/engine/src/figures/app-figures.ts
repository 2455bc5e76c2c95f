import { agentsOf, type Dataflow, operatorsOf, topicsReadBy } from '@millrace/dataflow';
import type { AppStatus, PartitionStatus, StepMeter } from '@millrace/streams';
import { agentOrder } from './agent-order.ts';
import { type AgentLoad, type Backpressure, backpressureOf, isHeldBack } from './backpressure.ts';
import { History } from './history.ts';
import { meterOf, Samples } from './samples.ts';

const counters = ['in', 'out', 'dropped', 'late', 'errors', 'busyMs'] as const;
type Counter = (typeof counters)[number];
export type Rates = Readonly<Record<Counter, number>>;

/** A partition of a failed app, as its group left it. */
export type OwedPartition = Pick<PartitionStatus, 'topic' | 'partition' | 'committed' | 'read' | 'end' | 'lag'>;

/** What all of this engine's workers say of one app, added up. Computed when asked for; only the 15 minutes' history is kept going. */
export class AppFigures {
  readonly #workers = new Map<string, Samples>();
  readonly #in = new History();
  readonly #lag = new History();
  #owed: readonly OwedPartition[] | null = null;
  readonly #tables = new Map<string, { updates: number; changedMs: number }>();

  add(worker: string, atMs: number, status: AppStatus): void {
    for (const [table, partitions] of Object.entries(status.tables))
      this.#notice(
        `${worker}/${table}`,
        atMs,
        partitions.reduce((total, { updates }) => total + updates, 0),
      );
    const samples = this.#workers.get(worker) ?? new Samples();
    this.#workers.set(worker, samples);
    samples.add(atMs, status);
  }

  /** It died, or no longer runs the app. */
  forget(worker: string): void {
    this.#workers.delete(worker);
  }

  clear(): void {
    this.#workers.clear();
  }

  /** The newest word of each worker. */
  statuses(): readonly { readonly worker: string; readonly status: AppStatus }[] {
    return [...this.#workers].flatMap(([worker, { latest }]) => (latest === null ? [] : [{ worker, status: latest }]));
  }

  stepRates(agent: string, step: string): Rates {
    return rates((counter) => this.#sum((status) => meterOf(status, agent, step)?.[counter] ?? 0));
  }

  stepTotals(agent: string, step: string): StepMeter {
    const totals = { in: 0, out: 0, dropped: 0, late: 0, errors: 0, busyMs: 0 };
    for (const { status } of this.statuses()) {
      const meter = meterOf(status, agent, step);
      for (const counter of counters) totals[counter] += meter?.[counter] ?? 0;
    }
    return totals;
  }

  /** In of its first step, out of its last, the rest of all. */
  agentRates(dataflow: Dataflow, agent: string): Rates {
    const steps = operatorsOf(dataflow, agent).map(({ step }) => this.stepRates(agent, step.id));
    const sum = (counter: Counter) => steps.reduce((total, step) => total + step[counter], 0);
    return {
      in: steps[0]?.in ?? 0,
      out: steps.at(-1)?.out ?? 0,
      dropped: sum('dropped'),
      late: sum('late'),
      errors: sum('errors'),
      busyMs: sum('busyMs'),
    };
  }

  /** As its most loaded worker has it; idle where none runs it. */
  agentLoad(dataflow: Dataflow, agent: string): AgentLoad {
    const loads = this.statuses().flatMap(({ status }) => status.load[agent] ?? []);
    const most = (read: (load: (typeof loads)[number]) => number) => Math.max(0, ...loads.map(read));
    const topics = topicsReadBy(dataflow, agent);
    return {
      agent,
      inputHeldBack: Math.max(
        0,
        ...[...this.#workers.values()].map((samples) =>
          samples.share(
            ({ state, partitions, load }) =>
              state.kind === 'running' &&
              partitions.some(
                (partition) => topics.has(partition.topic) && isHeldBack(partition, load[agent]?.idleMs ?? 1000),
              ),
          ),
        ),
      ),
      busyMs: most(({ busyMs }) => busyMs),
      idleMs: loads.length === 0 ? 1000 : Math.min(...loads.map(({ idleMs }) => idleMs)),
      backpressuredMs: most(({ backpressuredMs }) => backpressuredMs),
      steps: operatorsOf(dataflow, agent).map(({ step: { id } }) => ({
        step: id,
        busyMs: this.stepRates(agent, id).busyMs,
      })),
    };
  }

  backpressure(dataflow: Dataflow): Backpressure {
    return backpressureOf(agentOrder(dataflow).map((agent) => this.agentLoad(dataflow, agent)));
  }

  /** Records taken from topics, each once, however many agents read it; and events that agents let out; per second. */
  appRates(dataflow: Dataflow): { readonly in: number; readonly out: number } {
    const agents = agentsOf(dataflow);
    const sources = new Set(
      dataflow.nodes.flatMap((node) =>
        node.kind === 'source' && !node.format.repartitioned ? [node.format.topic] : [],
      ),
    );
    let taken = 0;
    for (const samples of this.#workers.values()) {
      const rates = samples.readPerSecond();
      for (const { topic, partition } of samples.latest?.partitions ?? [])
        if (sources.has(topic)) taken += rates.get(`${topic}/${partition}`) ?? 0;
    }
    const out = agents.reduce((total, agent) => total + this.agentRates(dataflow, agent).out, 0);
    return { in: taken, out };
  }

  partitions(): readonly (Omit<PartitionStatus, 'subtopology'> & {
    readonly worker: string;
    readonly streamTimeMs: number | null;
    readonly timeWaitsFor: string | null;
    readonly readPerSecond: number;
  })[] {
    return this.statuses().flatMap(({ worker, status }) => {
      const rates = this.#workers.get(worker)?.readPerSecond();
      const tasks = new Map(status.tasks.map((task) => [`${task.subtopology}/${task.partition}`, task]));
      return status.partitions.map(({ subtopology, ...partition }) => {
        const task = tasks.get(`${subtopology}/${partition.partition}`);
        const waits = task?.timeWaitsFor ?? null;
        return {
          ...partition,
          worker,
          readPerSecond: rates?.get(`${partition.topic}/${partition.partition}`) ?? 0,
          streamTimeMs: task?.streamTimeMs ?? null,
          timeWaitsFor: waits === null ? null : `${waits.name}/${waits.partition}`,
        };
      });
    });
  }

  /** What its group was found to have yet to read, while it is failed; null: its workers know. */
  owe(owed: readonly OwedPartition[] | null): void {
    this.#owed = owed;
  }

  get owed(): readonly OwedPartition[] | null {
    return this.#owed;
  }

  lag(): number {
    const owed = this.#owed ?? this.statuses().flatMap(({ status }) => status.partitions);
    return owed.reduce((total, { lag }) => total + lag, 0);
  }

  /** What a table's counter grew by per second, all partitions together. */
  tableUpdatesPerSecond(table: string): number {
    return this.#sum((status) => (status.tables[table] ?? []).reduce((total, { updates }) => total + updates, 0));
  }

  /** When a table's counter was last seen to grow, epoch ms. */
  lastUpdateMs(table: string): number | null {
    const changes = [...this.#workers.keys()].flatMap(
      (worker) => this.#tables.get(`${worker}/${table}`)?.changedMs ?? [],
    );
    return changes.length === 0 || Math.max(...changes) === 0 ? null : Math.max(...changes);
  }

  #notice(id: string, atMs: number, updates: number): void {
    const before = this.#tables.get(id);
    if (before === undefined) this.#tables.set(id, { updates, changedMs: updates > 0 ? atMs : 0 });
    else if (before.updates !== updates) Object.assign(before, { updates, changedMs: atMs });
  }

  remember(dataflow: Dataflow): void {
    this.#in.add(Math.round(this.appRates(dataflow).in * 10) / 10);
    this.#lag.add(this.lag());
  }

  history(): { readonly inPerSecond: number[]; readonly lag: number[] } {
    return { inPerSecond: this.#in.values(), lag: this.#lag.values() };
  }

  #sum(read: (status: AppStatus) => number): number {
    let total = 0;
    for (const samples of this.#workers.values()) total += samples.perSecond(read);
    return total;
  }
}

function rates(read: (counter: Counter) => number): Rates {
  return {
    in: read('in'),
    out: read('out'),
    dropped: read('dropped'),
    late: read('late'),
    errors: read('errors'),
    busyMs: read('busyMs'),
  };
}
