import { refreshEnds } from '../consumer/source-ends.ts';
import { bufferMarks } from '../flow-control/partition-buffer.ts';
import { FlowControl } from '../flow-control/flow-control.ts';
import { deadLetter } from '../producer/dead-letter.ts';
import { Outbox } from '../producer/outbox.ts';
import { Scheduler } from '../task/scheduler.ts';
import { Task, taskId, type TaskSource } from '../task/task.ts';
import { TaskPocket } from '../task/task-pocket.ts';
import { TaskRegistry } from '../task/task-registry.ts';
import { TableManager } from '../tables/table-manager.ts';
import type { RecordFailure, Topology } from '../topology/topology.ts';
import type { Assignment, GroupConsumerListener } from '../transport/group-consumer.ts';
import { partitionId, type RecordBatch, type TopicPartition } from '../transport/record.ts';
import type { RecordProducer } from '../transport/record-producer.ts';
import { TransportError } from '../transport/transport-error.ts';
import { CommitFailed, commitTasks } from './commit-cycle.ts';
import { connect, type Connections, disconnect } from './connections.ts';
import { Exclusive } from './exclusive.ts';
import { Restoration } from './restoration.ts';
import type { SessionHost } from './session-host.ts';
import { rehearse, successorOf } from './swap.ts';

/** Records processed after which a commit does not wait for its time. */
const commitRecords = 250_000;
/** How long a session that was fenced waits for the driver to rejoin before it is given up, ms. */
const rejoinTimeoutMs = 60_000;

/** A record failed whose policy is to stop the app. */
export class StopPolicy extends Error {
  override readonly name = 'StopPolicy';
}

/**
 * One membership of the app's group, from joining to leaving: its connections, its tasks. Whatever it cannot go on from ends it, uncommitted;
 * the runtime then starts another, which goes on from what is committed.
 */
export class Session implements GroupConsumerListener {
  readonly #host: SessionHost;
  readonly #connections: Connections;
  readonly #flow: FlowControl;
  readonly #outbox: Outbox;
  readonly #scheduler: Scheduler;
  readonly #tables: TableManager;
  readonly #pocket = new TaskPocket();
  readonly #exclusive = new Exclusive();
  readonly #tasks = new TaskRegistry();
  readonly #ended: Promise<Error | null>;
  #end: (failure: Error | null) => void = () => {};
  #topology: Topology;
  #dead = false;
  #stopping = false;
  #restoring: { readonly restoration: Restoration; readonly done: Promise<void> } | null = null;
  #uncommitted = 0;
  #ticking = false;
  #commitTimer: { cancel(): void } | null = null;
  #tickTimer: { cancel(): void } | null = null;
  #rejoinTimer: { cancel(): void } | null = null;

  constructor(topology: Topology, host: SessionHost) {
    this.#topology = topology;
    this.#host = host;
    const { transport, clock, workerId, sensor } = host;
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#connections = connect(transport, topology, workerId, this);
    const { admin, reader, producer, consumer } = this.#connections;
    this.#flow = new FlowControl(consumer);
    this.#outbox = new Outbox(producer, (records) => sensor?.sent?.(records));
    this.#tables = new TableManager(admin, reader);
    this.#scheduler = new Scheduler({
      clock,
      tasks: this.#tasks,
      producer,
      worked: (task, events, tookMs) => this.#worked(task, events, tookMs),
      turned: (backpressured) => this.#host.load.update(this.#tasks, backpressured),
      failed: (error) => this.fail(error),
    });
    if (host.paused) this.#scheduler.hold();
  }

  get tasks(): Iterable<Task> {
    return this.#tasks;
  }

  get producer(): RecordProducer {
    return this.#connections.producer;
  }

  /** Nothing is being processed, restored or committed. */
  get quiet(): boolean {
    return !this.#scheduler.working && !this.#exclusive.busy && !this.#restoring && !this.#ticking;
  }

  paused(topic: string, partition: number): boolean {
    return this.#flow.paused(topic, partition);
  }

  /** Resolves when the session has ended: with the failure that ended it, or null after `stop`. */
  async run(): Promise<Error | null> {
    try {
      await this.#connections.consumer.start();
    } catch (error) {
      this.fail(error);
    }
    if (!this.#dead) {
      this.#scheduleCommit();
      this.#scheduleTick();
    }
    return this.#ended;
  }

  /** Flushes, commits, leaves the group, closes. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#close();
    this.#end(null);
  }

  /** Ends as it stands: nothing more is processed or committed. Resolves when nothing more can be written. */
  async abandon(): Promise<void> {
    this.#dead = true;
    this.#scheduler.close();
    this.#drop();
    await this.#close();
    this.#end(null);
  }

  /** Ends the session because of an error; the first one counts. */
  fail(error: unknown): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#scheduler.close();
    this.#drop();
    this.#end(error instanceof Error ? error : new Error(String(error)));
  }

  pause(): void {
    this.#scheduler.hold();
    this.#flow.setAll('person', true);
    this.#commitSoon();
  }

  resume(): void {
    this.#flow.setAll('person', false);
    this.#scheduler.release();
  }

  /** Exchanges every task's processor at a batch boundary. Throws before anything is changed if the new ones cannot be built. */
  async swap(topology: Topology): Promise<void> {
    rehearse(topology, this.#host.clock);
    while (this.#restoring) await this.#restoring.done;
    await this.#exclusive.run(async () => {
      this.#scheduler.hold();
      try {
        if (this.#tasks.size > 0) await this.#commit();
        this.#check();
        this.#pocket.clear();
        this.#topology = topology;
        try {
          for (const task of this.#tasks) task.exchange(successorOf(topology, task.subtopology), this.#marks());
        } catch (error) {
          // Some task may have lost its tables to a processor that was never finished: begin again from what was just committed.
          this.fail(error);
          throw error;
        }
      } finally {
        this.#scheduler.release();
      }
    });
    this.#commitSoon();
  }

  async assigned(assignment: Assignment): Promise<void> {
    if (this.#dead) return;
    this.#rejoinTimer?.cancel();
    this.#host.sensor?.assigned?.(assignment.generation, assignment.partitions);
    try {
      await this.#exclusive.run(() => this.#take(assignment));
    } catch (error) {
      this.fail(error);
    }
  }

  async revoked(partitions: readonly TopicPartition[], lost: boolean): Promise<void> {
    if (this.#dead) return;
    this.#host.sensor?.revoked?.(partitions, lost);
    this.#restoring?.restoration.abort();
    await this.#exclusive.run(async () => {
      this.#scheduler.hold();
      try {
        if (lost) this.#pocket.clear();
        else {
          await this.#commit();
          this.#check();
          await this.#pocket.fill([...this.#tasks], this.#tables);
        }
      } catch (error) {
        // What was not committed is processed again, by whoever owns it next.
        this.#pocket.clear();
        this.#host.sensor?.failed?.(error, 'the last commit before a rebalance');
      } finally {
        this.#drop();
        this.#scheduler.release();
      }
    });
    if (!this.#dead && !this.#stopping) this.#host.joining();
  }

  batch(batch: RecordBatch): void {
    const input = this.#tasks.input(batch.topic, batch.partition);
    if (this.#dead || !input) return;
    this.#host.sensor?.batchIn?.(batch.topic, batch.partition, batch.records.length, batch.sizeBytes);
    input.push(batch);
    this.#flow.set(batch.topic, batch.partition, 'buffer', input.buffer.held);
    this.#scheduler.kick();
  }

  outOfRange(partition: TopicPartition, position: bigint, resetTo: bigint): void {
    if (this.#dead) return;
    this.#host.sensor?.outOfRange?.(partition, position, resetTo);
    this.#tasks.input(partition.topic, partition.partition)?.reset(resetTo);
  }

  failed(error: Error, retrying: boolean): void {
    if (this.#dead) return;
    if (retrying) this.#host.troubled(error);
    else this.fail(error);
  }

  recovered(): void {
    if (!this.#dead) this.#host.recovered();
  }

  /** Builds, or takes back, the tasks of an assignment, and begins to restore those that need it. */
  async #take(assignment: Assignment): Promise<void> {
    this.#drop();
    this.#flow.reset(assignment.partitions);
    const sources = new Map(assignment.partitions.map((source) => [partitionId(source.topic, source.partition), source]));
    for (const subtopology of this.#topology.subtopologies) {
      for (let partition = 0; partition < subtopology.partitions; partition++) {
        const mine = subtopology.sources.flatMap((topic): readonly TaskSource[] => {
          const source = sources.get(partitionId(topic, partition));
          return source ? [source] : [];
        });
        if (mine.length === 0) continue;
        const kept = await this.#pocket.take(taskId(subtopology, partition), subtopology, mine, this.#tables);
        this.#check();
        const task = kept ?? new Task(subtopology, mine, this.#marks(), this.#environment());
        this.#tasks.add(task);
        for (const input of task.inputs) {
          if (!task.ready) this.#flow.set(input.topic, input.partition, 'restore', true);
          else if (kept) this.#connections.consumer.seek(input, input.tracker.position);
        }
      }
    }
    this.#pocket.clear();
    if (this.#host.paused) this.#flow.setAll('person', true);
    this.#host.load.update(this.#tasks, false);
    const waiting = [...this.#tasks].filter((task) => !task.ready);
    if (waiting.length > 0) this.#startRestore(waiting);
    else this.#host.ready();
  }

  #startRestore(tasks: readonly Task[]): void {
    const restoration = new Restoration(tasks, {
      tables: this.#tables,
      clock: this.#host.clock,
      progress: (totals) => this.#host.restoring(totals),
      restored: (task, outcome, tookMs) => {
        if (this.#dead) return;
        for (const start of task.begin(outcome)) {
          this.#connections.consumer.seek(start, start.offset);
          this.#flow.set(start.topic, start.partition, 'restore', false);
        }
        this.#host.sensor?.restored?.(task.id, outcome.records, tookMs);
        this.#scheduler.kick();
      },
    });
    const over = () => {
      if (this.#restoring?.restoration === restoration) this.#restoring = null;
    };
    const done = restoration.run().then(
      (whole) => {
        over();
        if (!whole || this.#dead) return;
        this.#host.ready();
        this.#commitSoon();
      },
      (error: unknown) => {
        over();
        this.fail(error);
      },
    );
    this.#restoring = { restoration, done };
  }

  #worked(task: Task, events: number, tookMs: number): void {
    this.#outbox.post();
    for (const input of task.inputs) this.#flow.set(input.topic, input.partition, 'buffer', input.buffer.held);
    this.#host.sensor?.processed?.(task.id, events, tookMs);
    this.#uncommitted += events;
    if (this.#uncommitted >= commitRecords) this.#commitSoon();
  }

  #environment() {
    const { clock, meters } = this.#host;
    return { clock, meters, send: this.#outbox.add, failed: (failure: RecordFailure) => this.#recordFailed(failure) };
  }

  #recordFailed(failure: RecordFailure): void {
    const { clock } = this.#host;
    this.#host.recordFailed(failure);
    if (failure.policy === 'dead-letter') {
      const topic = this.#topology.document.settings.deadLetterTopic;
      this.#outbox.add(deadLetter(failure, { app: this.#topology.app, topic, atMs: clock.now() }));
    }
    if (failure.policy === 'stop') {
      this.fail(new StopPolicy(`${failure.topic}/${failure.partition} offset ${failure.offset}: ${failure.reason}`));
    }
  }

  #scheduleCommit(): void {
    this.#commitTimer?.cancel();
    this.#commitTimer = this.#host.clock.after(this.#topology.document.settings.commitIntervalMs, () => this.#commitSoon());
  }

  /** Commits when nothing else does; then again after the interval. */
  #commitSoon(): void {
    if (this.#dead || this.#stopping) return;
    this.#uncommitted = 0;
    this.#commitTimer?.cancel();
    const ended = this.#exclusive.run(async () => {
      if (this.#dead || this.#stopping) return;
      await this.#commit();
      this.#host.load.update(this.#tasks, this.producer.full);
    });
    void ended.then(
      () => this.#scheduleNext(),
      (error: unknown) => this.#commitFailed(error),
    );
  }

  #scheduleNext(): void {
    if (!this.#dead && !this.#stopping) this.#scheduleCommit();
  }

  #commitFailed(error: unknown): void {
    const cause = error instanceof CommitFailed ? error.cause : null;
    if (cause instanceof TransportError && cause.code === 'fenced') {
      this.#host.sensor?.failed?.(cause, 'a commit: the group has moved on');
      this.#restoring?.restoration.abort();
      this.#pocket.clear();
      this.#drop();
      this.#host.joining();
      this.#rejoinTimer?.cancel();
      this.#rejoinTimer = this.#host.clock.after(rejoinTimeoutMs, () => this.fail(cause));
      this.#scheduleNext();
    } else if (cause instanceof TransportError && cause.retriable) {
      this.#host.troubled(cause);
      this.#scheduleNext();
    } else this.fail(cause ?? error);
  }

  async #commit(): Promise<void> {
    const { clock, sensor } = this.#host;
    const any = await commitTasks([...this.#tasks], {
      clock,
      sensor,
      outbox: this.#outbox,
      producer: this.producer,
      consumer: this.#connections.consumer,
      check: () => this.#check(),
    });
    if (any) this.#host.committed();
  }

  #scheduleTick(): void {
    this.#tickTimer = this.#host.clock.after(1_000, () => void this.#tick());
  }

  /** Once a second: the ends of partitions that brought nothing, and time for tasks whose inputs are idle. */
  async #tick(): Promise<void> {
    this.#ticking = true;
    try {
      await refreshEnds(this.#connections.admin, this.#tasks.inputs(), (input) => this.#flow.paused(input.topic, input.partition));
      const { clock } = this.#host;
      if (!this.#dead && !this.#host.paused && !this.#host.inTrouble) {
        for (const task of this.#tasks) task.advanceWhenIdle(clock.now(), this.#topology.document.settings.idleTimeoutMs);
      }
      this.#outbox.post();
    } catch (error) {
      if (error instanceof TransportError && error.retriable) this.#host.sensor?.failed?.(error, 'reading the ends of the sources');
      else this.fail(error);
    } finally {
      this.#ticking = false;
      if (!this.#dead && !this.#stopping) this.#scheduleTick();
    }
  }

  #marks() {
    const { bufferMaxRecords, bufferResumeRatio } = this.#topology.document.settings;
    return bufferMarks(bufferMaxRecords, bufferResumeRatio);
  }

  #check(): void {
    if (this.#dead) throw new TransportError('closed', 'the session has ended', { retriable: true });
  }

  #drop(): void {
    this.#tasks.clear();
    this.#flow.reset([]);
  }

  async #close(): Promise<void> {
    for (const timer of [this.#commitTimer, this.#tickTimer, this.#rejoinTimer]) timer?.cancel();
    this.#restoring?.restoration.abort();
    await disconnect(this.#connections, this.#host.sensor);
    this.#scheduler.close();
  }
}
