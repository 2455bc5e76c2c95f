import { rejoinReason } from '@millrace/dataflow';
import type { Clock } from '../clock.ts';
import { Suspects, type Suspicion } from '../poison/suspects.ts';
import { type PlaceListener, WorkCursor } from '../poison/work-cursor.ts';
import { WorkFault } from '../poison/work-fault.ts';
import { AgentLoad } from '../sensors/agent-load.ts';
import { FailureLog } from '../sensors/failure-log.ts';
import { NoticeLog } from '../sensors/notice-log.ts';
import type { Sensor } from '../sensors/sensor.ts';
import { CountingStepMeters } from '../sensors/step-meters.ts';
import type { TablePartition } from '../tables/table-partition.ts';
import type { RecordFailure, Topology } from '../topology/topology.ts';
import type { Transport } from '../transport/transport.ts';
import { AppStateHolder } from './app-state.ts';
import { KnownTopics } from './known-topics.ts';
import { Retries } from './retries.ts';
import { Session } from './session.ts';
import type { RestoreTotals, SessionHost } from './session-host.ts';
import type { AppState, AppStatus } from './status.ts';
import { StatusGlance } from './status-glance.ts';
import { partitionStatuses, tableStatuses, taskStatus } from './status-report.ts';
import { rehearse, SwapRefused } from './swap.ts';

export interface AppRuntimeOptions {
  readonly topology: Topology;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly workerId: string;
  readonly sensor?: Sensor;
  /** Is told where the app is at work; see `PlaceListener`. */
  readonly placed?: PlaceListener;
  /** After a time in which it had nothing to do but to wait, it has again: `stirred` is worth asking. */
  readonly awoke?: () => void;
  /** What its work has ended badly at before, in processes that are no more. */
  readonly suspicions?: readonly Suspicion[];
}

/** The app ended (`failed`, stopped, aborted) before it ever ran; the message is the reason. */
export class NeverRan extends Error {
  override readonly name = 'NeverRan';
}

/**
 * Runs one app on this worker, as a member of its group. Its topics must exist. Failures of the transport are retried for as long as it takes;
 * `status().state` and `onState` say what is going on. The transport stays the caller's to close.
 */
export class AppRuntime {
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #workerId: string;
  readonly #sensor: Sensor | undefined;
  readonly #awoke: () => void;
  readonly #meters = new CountingStepMeters();
  readonly #failures = new FailureLog();
  readonly #notices = new NoticeLog();
  readonly #known = new KnownTopics();
  readonly #load: AgentLoad;
  readonly #retries = new Retries();
  readonly #cursor: WorkCursor;
  readonly #suspects = new Suspects();
  readonly #state: AppStateHolder;
  #topology: Topology;
  #session: Session | null = null;
  #paused = false;
  #trouble: string | null = null;
  #deadLetters = 0;
  /** Of the state, the notices, the failures and the topology. */
  #changes = 0;
  readonly #glance = new StatusGlance();
  readonly #glanceAtTasks = new StatusGlance();
  #seenAsleep = false;
  #lastCommitMs: number | null = null;
  #running: Promise<void> | null = null;
  #stopped: Promise<void> | null = null;
  #aborted = false;
  #cancelWait: () => void = () => {};

  constructor(options: AppRuntimeOptions) {
    this.#topology = options.topology;
    this.#transport = options.transport;
    this.#clock = options.clock;
    this.#workerId = options.workerId;
    this.#sensor = options.sensor;
    this.#awoke = options.awoke ?? (() => {});
    this.#cursor = new WorkCursor(options.placed);
    this.#suspects.add(options.suspicions ?? []);
    this.#load = new AgentLoad(options.clock);
    this.#state = new AppStateHolder((from, to) => {
      this.#changes++;
      this.#sensor?.stateChanged?.(from, to);
    });
  }

  get topology(): Topology {
    return this.#topology;
  }

  get state(): AppState {
    return this.#state.current;
  }

  /** Nothing is being processed, restored or committed right now. */
  get quiet(): boolean {
    return this.#session?.quiet ?? true;
  }

  /**
   * Joins the group, restores, runs. Resolves when it runs (or is paused) for the first time; rejects with `NeverRan` if it ends before.
   * An abort ends it as a crash would: nothing is flushed or committed any more.
   */
  start(signal?: AbortSignal): Promise<void> {
    if (this.#running) throw new NeverRan(`${this.#topology.app} was started before`);
    const ran = new Promise<void>((resolve, reject) => {
      const off = this.onState((state) => {
        if (state.kind === 'running' || state.kind === 'paused') resolve();
        else if (state.kind === 'failed') reject(new NeverRan(state.reason));
        else if (state.kind === 'stopped') reject(new NeverRan(`${this.#topology.app} was stopped before it ran`));
        else return;
        off();
      });
    });
    if (signal?.aborted) this.#aborted = true;
    signal?.addEventListener('abort', () => void this.#abort(), { once: true });
    this.#running = this.#supervise();
    return ran;
  }

  /** Work has ended badly at these places elsewhere: from the next batch on their records are taken one by one, or set aside. */
  suspect(suspicions: readonly Suspicion[]): void {
    this.#suspects.add(suspicions);
  }

  /** A person's pause: nothing is fetched or processed; buffers and membership are kept, what was done is committed. */
  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#session?.pause();
    this.#state.enter('pause', { kind: 'paused', sinceMs: this.#clock.now() });
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#session?.resume();
    this.#state.enter('resume', { kind: 'running' });
  }

  /**
   * Exchanges the topology for one with the same sources, partitions and tables, at a batch boundary: no rebalance, no event lost or done twice,
   * tables kept where their layout allows. Throws `SwapRefused` if that cannot be, and what building the new processors throws; either way
   * the old ones run on.
   */
  async swap(topology: Topology): Promise<void> {
    const reason = rejoinReason(this.#topology.dataflow, topology.dataflow);
    if (reason !== null) throw new SwapRefused('rejoin-needed', `${topology.app} must rejoin its group: ${reason}`);
    if (['failed', 'stopping', 'stopped'].includes(this.#state.current.kind))
      throw new SwapRefused('not-running', `${topology.app} is ${this.#state.current.kind}`);
    if (this.#session) await this.#session.swap(topology);
    else rehearse(topology, this.#clock);
    this.#topology = topology;
    this.#changes++;
  }

  /** Flushes, commits, leaves the group. Idempotent; what cannot be committed is done again by the next to run it. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  onState(listener: (state: AppState) => void): () => void {
    return this.#state.listen(listener);
  }

  /** The partitions that this worker holds, of each table, restored ones only. */
  tables(): ReadonlyMap<string, readonly TablePartition[]> {
    const tables = new Map<string, TablePartition[]>();
    for (const task of this.#session?.tasks ?? []) {
      if (!task.ready) continue;
      for (const [id, table] of task.processor.tables) {
        const partitions = tables.get(id);
        if (partitions) partitions.push(table);
        else tables.set(id, [table]);
      }
    }
    return tables;
  }

  /** Whether anything in the status that does not pass with time alone has changed since this was last asked; far cheaper than the status. */
  stirred(): boolean {
    const session = this.#session;
    this.#glance.see(session);
    this.#glance.see(this.#changes);
    this.#glance.see(this.#lastCommitMs);
    const changed = this.#glance.done();
    const asleep = session?.asleep ?? false;
    // What stirs a session's tasks ends its sleep, for a second at least.
    const unstirred = asleep && this.#seenAsleep;
    this.#seenAsleep = asleep;
    return (!unstirred && this.#tasksStirred(session)) || changed;
  }

  #tasksStirred(session: Session | null): boolean {
    const glance = this.#glanceAtTasks;
    glance.see(session?.producer.bufferedBytes);
    glance.see(session?.holds);
    for (const task of session?.tasks ?? []) {
      glance.see(task.ready);
      for (const { tracker, end, committed, buffer } of task.inputs) {
        glance.see(tracker.position);
        glance.see(end);
        glance.see(committed);
        glance.see(buffer.records);
      }
    }
    return glance.done();
  }

  status(): AppStatus {
    const session = this.#session;
    const tasks = [...(session?.tasks ?? [])];
    return {
      app: this.#topology.app,
      state: this.state,
      tasks: tasks.map((task) => taskStatus(task, this.state)),
      partitions: tasks.flatMap((task) =>
        partitionStatuses(task, (topic, partition) => session?.paused(topic, partition) ?? false),
      ),
      meters: Object.fromEntries([...this.#meters.all()].map(([id, meter]) => [id, { ...meter }])),
      load: this.#load.read(this.#topology.dataflow),
      tables: tableStatuses(tasks),
      producer: { bufferedBytes: session?.producer.bufferedBytes ?? 0, full: session?.producer.full ?? false },
      lastCommitMs: this.#lastCommitMs,
      deadLetters: this.#deadLetters,
      failures: this.#failures.newest(),
      notices: this.#notices.newest(),
    };
  }

  /** One session after another, until it is stopped or given up. */
  async #supervise(): Promise<void> {
    while (!this.#stopped && !this.#aborted) {
      this.#state.enter('join', { kind: 'joining' });
      this.#trouble = null;
      let failure: Error | null;
      let session: Session | null = null;
      try {
        session = new Session(this.#topology, this.#host());
        this.#session = session;
        failure = await session.run();
      } catch (error) {
        failure = error instanceof Error ? error : new Error(String(error));
      }
      if (!failure || this.#aborted) return;
      this.#sensor?.failed?.(failure, 'running');
      const waitMs = this.#judge(failure);
      await session?.abandon();
      this.#session = null;
      if (waitMs === null) return;
      await this.#wait(waitMs);
    }
  }

  /** Says in the state what comes of a failure; how long to wait before the next try, or null: none. */
  #judge(failure: Error): number | null {
    const nowMs = this.#clock.now();
    const found =
      failure instanceof WorkFault &&
      this.#suspects.note({ place: failure.place, reason: failure.reason, certain: true }) !== 'nowhere';
    const waitMs = this.#retries.waitAfter(failure, found, this.#clock.monotonic());
    if (waitMs === null) {
      this.#state.enter('fail', { kind: 'failed', reason: failure.message, atMs: nowMs });
      return null;
    }
    this.#state.enter('retry', {
      kind: 'retrying',
      reason: failure.message,
      sinceMs: this.#state.troubledSince(nowMs),
      nextTryMs: nowMs + waitMs,
    });
    return waitMs;
  }

  #wait(ms: number): Promise<void> {
    if (this.#stopped || this.#aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = this.#clock.after(ms, resolve);
      this.#cancelWait = () => {
        timer.cancel();
        resolve();
      };
    });
  }

  async #stop(): Promise<void> {
    this.#state.enter('stop', { kind: 'stopping' });
    this.#cancelWait();
    await this.#session?.stop();
    await this.#running;
    this.#session = null;
    this.#state.enter('stopped', { kind: 'stopped' });
  }

  async #abort(): Promise<void> {
    if (this.#stopped) return;
    this.#aborted = true;
    this.#stopped = (async () => {
      this.#state.enter('stop', { kind: 'stopping' });
      this.#cancelWait();
      await this.#session?.abandon();
      await this.#running;
      this.#session = null;
      this.#state.enter('stopped', { kind: 'stopped' });
    })();
    await this.#stopped;
  }

  #host(): SessionHost {
    const runtime = this;
    return {
      transport: this.#transport,
      clock: this.#clock,
      workerId: this.#workerId,
      sensor: this.#sensor,
      awoke: this.#awoke,
      meters: this.#meters,
      load: this.#load,
      cursor: this.#cursor,
      suspects: this.#suspects,
      known: this.#known,
      get paused() {
        return runtime.#paused;
      },
      get inTrouble() {
        return runtime.#trouble !== null;
      },
      joining: () => this.#state.enter('join', { kind: 'joining' }),
      restoring: (totals: RestoreTotals) => this.#state.enter('restore', { kind: 'restoring', ...totals }),
      ready: () => this.#ready(),
      troubled: (error) => this.#troubled(error),
      recovered: () => this.#recovered(),
      committed: () => {
        this.#retries.succeeded();
        this.#lastCommitMs = this.#clock.now();
        this.#recovered();
      },
      recordFailed: (failure) => this.#recordFailed(failure),
      noticed: (words, place, subject) => {
        this.#changes++;
        if (this.#notices.add({ ...place, words, atMs: this.#clock.now() }, subject)) this.#sensor?.noticed?.(words);
      },
    };
  }

  #ready(): void {
    this.#trouble = null;
    this.#state.enter('ready', { kind: 'running' });
    if (this.#paused) this.#state.enter('pause', { kind: 'paused', sinceMs: this.#clock.now() });
  }

  #troubled(error: Error): void {
    const nowMs = this.#clock.now();
    this.#sensor?.failed?.(error, 'reading or committing');
    this.#trouble = error.message;
    this.#state.enter('retry', {
      kind: 'retrying',
      reason: error.message,
      sinceMs: this.#state.troubledSince(nowMs),
      nextTryMs: nowMs + 1_000,
    });
  }

  #recovered(): void {
    if (this.#trouble !== null) this.#ready();
  }

  #recordFailed(failure: RecordFailure): void {
    this.#changes++;
    if (failure.policy === 'dead-letter') this.#deadLetters++;
    this.#failures.add(failure, this.#clock.now());
    this.#sensor?.recordFailed?.(failure);
  }
}
