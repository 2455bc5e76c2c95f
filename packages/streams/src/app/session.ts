import { FlowControl } from '../flow-control/flow-control.ts';
import { bufferMarks } from '../flow-control/partition-buffer.ts';
import { policyOf } from '../poison/policy.ts';
import { deadLetter } from '../producer/dead-letter.ts';
import { LetterMaking } from '../producer/making.ts';
import { Outbox } from '../producer/outbox.ts';
import { tooLarge } from '../producer/too-large.ts';
import { placeWords, withSource } from '../repartition/source-of.ts';
import { TableManager } from '../tables/table-manager.ts';
import { Scheduler } from '../task/scheduler.ts';
import type { Task } from '../task/task.ts';
import { TaskRegistry } from '../task/task-registry.ts';
import { type RecordFailure, repartitionTopics, type Topology } from '../topology/topology.ts';
import type { Assignment, GroupConsumerListener } from '../transport/group-consumer.ts';
import { type ProducedRecord, partitionId, type RecordBatch, type TopicPartition } from '../transport/record.ts';
import type { RecordProducer } from '../transport/record-producer.ts';
import { TransportError } from '../transport/transport-error.ts';
import { CommitFailed } from './commit-cycle.ts';
import { Committer } from './committer.ts';
import { type Connections, connect, disconnect } from './connections.ts';
import { Exclusive } from './exclusive.ts';
import { heldBackWords, outOfRangeWords } from './log-words.ts';
import { Ownership } from './ownership.ts';
import { checkPartitions } from './partitions-changed.ts';
import { RepartitionPurge } from './repartition-purge.ts';
import type { SessionHost } from './session-host.ts';
import { rehearse, successorOf } from './swap.ts';
import { Upkeep } from './upkeep.ts';

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
  readonly #ownership: Ownership;
  readonly #exclusive = new Exclusive();
  readonly #committer: Committer;
  readonly #purge: RepartitionPurge;
  readonly #upkeep: Upkeep;
  readonly #tasks = new TaskRegistry();
  readonly #ended: Promise<Error | null>;
  #end: (failure: Error | null) => void = () => {};
  #topology: Topology;
  #dead = false;
  #stopping = false;
  #uncommitted = 0;
  #rejoinTimer: { cancel(): void } | null = null;

  constructor(topology: Topology, host: SessionHost) {
    this.#topology = topology;
    this.#host = host;
    const { transport, clock, workerId, sensor, cursor } = host;
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#connections = connect(transport, topology, workerId, this, (record) => this.#tooLarge(record));
    const { admin, reader, producer, consumer } = this.#connections;
    this.#flow = new FlowControl(consumer);
    this.#outbox = new Outbox(producer, (records) => sensor?.sent?.(records));
    this.#ownership = new Ownership({
      tasks: this.#tasks,
      tables: new TableManager(admin, reader, cursor),
      flow: this.#flow,
      consumer,
      clock,
      known: host.known,
      noticed: (words, place) => host.noticed(words, place),
      environment: {
        clock,
        meters: host.meters,
        cursor,
        suspects: host.suspects,
        policyOf: (suspicion) => policyOf(this.#topology.dataflow, suspicion),
        send: this.#outbox.add,
        failed: (failure) => this.#recordFailed(failure),
        noticed: (words, place, subject) => host.noticed(words, place, subject),
        keptMs: (topic) => this.#upkeep.keptMs(topic),
      },
      restoring: (totals) => host.restoring(totals),
      restored: (task, outcome, tookMs) => {
        sensor?.restored?.(task.id, outcome.records, tookMs);
        this.#scheduler.kick();
      },
      ready: () => this.#ready(),
      failed: (error) => this.fail(error),
      check: () => this.#check(),
    });
    this.#scheduler = new Scheduler({
      clock,
      tasks: this.#tasks,
      producer,
      worked: (task, events, tookMs) => this.#worked(task, events, tookMs),
      turned: (backpressured) => {
        cursor.end();
        this.#host.load.update(this.#tasks, backpressured);
      },
      failed: (error) => this.fail(error),
    });
    this.#committer = new Committer({
      clock,
      sensor,
      producer,
      consumer,
      outbox: this.#outbox,
      tasks: this.#tasks,
      exclusive: this.#exclusive,
      intervalMs: () => this.#topology.dataflow.settings.commitIntervalMs,
      check: () => this.#check(),
      committed: (any) => this.#committed(any),
      failed: (error) => this.#commitFailed(error),
    });
    this.#purge = new RepartitionPurge({
      admin,
      clock,
      failed: (error) => {
        if (!this.#dead) sensor?.failed?.(error, 'deleting what is done with from the repartition topics');
      },
    });
    this.#upkeep = new Upkeep({
      admin,
      host,
      tasks: this.#tasks,
      flow: this.#flow,
      outbox: this.#outbox,
      dataflow: () => this.#topology.dataflow,
      isOver: () => this.#dead,
      looked: () => this.#committer.stir(),
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
    return !this.#scheduler.working && !this.#exclusive.busy && !this.#ownership.restoring && !this.#upkeep.busy;
  }

  paused(topic: string, partition: number): boolean {
    return this.#flow.paused(topic, partition);
  }

  /** All is read, written and committed, and nothing will be to do for more than a second unless something comes. */
  get asleep(): boolean {
    return this.#upkeep.asleep;
  }

  /** How often partitions were paused and resumed. */
  get holds(): number {
    return this.#flow.turns;
  }

  /** Resolves when the session has ended: with the failure that ended it, or null after `stop`. */
  async run(): Promise<Error | null> {
    try {
      await this.#upkeep.learnRetention();
      await this.#connections.consumer.start();
    } catch (error) {
      this.fail(error);
    }
    if (!this.#dead) {
      this.#committer.schedule();
      this.#upkeep.start();
    }
    return this.#ended;
  }

  /** Flushes, commits, leaves the group, closes. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#committer.close();
    await this.#close();
    this.#end(null);
  }

  /** Ends as it stands: nothing more is processed or committed. Resolves when nothing more can be written. */
  async abandon(): Promise<void> {
    this.#die();
    await this.#close();
    this.#end(null);
  }

  /** Ends the session because of an error; the first one counts. */
  fail(error: unknown): void {
    if (this.#dead) return;
    this.#die();
    this.#end(error instanceof Error ? error : new Error(String(error)));
  }

  pause(): void {
    this.#scheduler.hold();
    this.#flow.setAll('person', true);
    this.#upkeep.stir();
    this.#committer.soon();
  }

  resume(): void {
    this.#flow.setAll('person', false);
    this.#scheduler.release();
  }

  /** Exchanges every task's processor at a batch boundary. Throws before anything is changed if the new ones cannot be built. */
  async swap(topology: Topology): Promise<void> {
    rehearse(topology, this.#host.clock);
    while (!(await this.#exchange(topology))) await this.#ownership.restoring;
    this.#upkeep.stir();
    this.#committer.soon();
  }

  async assigned(assignment: Assignment): Promise<void> {
    if (this.#dead) return;
    this.#rejoinTimer?.cancel();
    this.#host.sensor?.assigned?.(assignment.generation, assignment.partitions);
    try {
      checkPartitions(this.#topology, assignment.topics);
      await this.#exclusive.run(async () => {
        await this.#ownership.take(assignment, this.#topology, this.#marks());
        if (this.#host.paused) this.#flow.setAll('person', true);
        this.#host.load.update(this.#tasks, false);
      });
      this.#upkeep.stir();
    } catch (error) {
      this.fail(error);
    }
  }

  async revoked(partitions: readonly TopicPartition[], lost: boolean): Promise<void> {
    if (this.#dead) return;
    this.#host.sensor?.revoked?.(partitions, lost);
    this.#ownership.stopRestore();
    await this.#exclusive.run(async () => {
      this.#scheduler.hold();
      try {
        if (lost) this.#ownership.forget();
        else {
          await this.#committer.now();
          this.#check();
          await this.#ownership.setAside();
        }
      } catch (error) {
        // What was not committed is processed again, by whoever owns it next.
        this.#ownership.forget();
        this.#host.sensor?.failed?.(error, 'the last commit before a rebalance');
      } finally {
        this.#ownership.drop();
        this.#scheduler.release();
      }
    });
    if (!this.#dead && !this.#stopping) this.#host.joining();
  }

  batch(batch: RecordBatch): void {
    const input = this.#tasks.input(batch.topic, batch.partition);
    if (this.#dead || !input) return;
    this.#host.sensor?.batchIn?.(batch.topic, batch.partition, batch.records.length, batch.sizeBytes);
    this.#upkeep.stir();
    input.push(batch);
    this.#flow.set(batch.topic, batch.partition, 'buffer', input.buffer.held);
    this.#scheduler.kick();
  }

  outOfRange(partition: TopicPartition, position: bigint, resetTo: bigint): void {
    if (this.#dead) return;
    this.#host.sensor?.outOfRange?.(partition, position, resetTo);
    this.#host.noticed(outOfRangeWords(partition, position, resetTo), { topic: partition.topic });
    this.#tasks.restart(partition, resetTo);
    this.#upkeep.stir();
  }

  heldBack(partition: TopicPartition, from: bigint, to: bigint): void {
    if (this.#dead) return;
    const subject = `transaction of ${partitionId(partition.topic, partition.partition)}`;
    this.#host.noticed(heldBackWords(partition, from, to), { topic: partition.topic }, subject);
  }

  failed(error: Error, retrying: boolean): void {
    if (this.#dead) return;
    if (retrying) {
      this.#host.troubled(error);
      this.#upkeep.stir();
    } else this.fail(error);
  }

  recovered(): void {
    if (!this.#dead) this.#host.recovered();
  }

  /** False, and nothing done, while tasks are being restored. */
  #exchange(topology: Topology): Promise<boolean> {
    return this.#exclusive.run(async () => {
      this.#check();
      if (this.#ownership.restoring) return false;
      this.#scheduler.hold();
      try {
        if (this.#tasks.size > 0) await this.#committer.now();
        this.#check();
        this.#ownership.forget();
        this.#topology = topology;
        for (const task of this.#tasks) task.exchange(successorOf(topology, task.subtopology), this.#marks());
        return true;
      } catch (error) {
        // Some task may have lost its tables to a processor that was never finished: begin again from what is committed.
        this.fail(error instanceof CommitFailed ? error.cause : error);
        throw error;
      } finally {
        this.#scheduler.release();
      }
    });
  }

  /** Every task may work. */
  #ready(): void {
    if (this.#dead) return;
    this.#host.ready();
    this.#upkeep.stir();
    this.#committer.soon();
  }

  #worked(task: Task, events: number, tookMs: number): void {
    this.#outbox.post();
    for (const input of task.inputs) this.#flow.set(input.topic, input.partition, 'buffer', input.buffer.held);
    this.#host.sensor?.processed?.(task.id, events, tookMs);
    this.#uncommitted += events;
    this.#committer.stir();
    if (this.#uncommitted >= commitRecords) this.#committer.soon();
  }

  #recordFailed(failed: RecordFailure): void {
    const failure = withSource(failed, this.#topology);
    this.#host.recordFailed(failure);
    if (failure.policy === 'dead-letter') this.#sendLetter(failure);
    if (failure.policy === 'stop') this.fail(new StopPolicy(`${placeWords(failure)}: ${failure.reason}`));
  }

  /** The producer has set a record aside: a note takes its place, unless it was one. */
  #tooLarge(record: ProducedRecord): void {
    if (this.#dead) return;
    const failure = tooLarge(record, this.#topology.dataflow);
    if (failure === null) {
      const { deadLetterTopic } = this.#topology.dataflow.settings;
      this.#host.sensor?.failed?.(new Error(`${deadLetterTopic} does not take the note of a record`), 'a dead letter');
    } else if (record.making instanceof LetterMaking) this.#sendLetter(failure);
    else this.#recordFailed(failure);
  }

  #sendLetter(failure: RecordFailure): void {
    const { app, dataflow } = this.#topology;
    const topic = dataflow.settings.deadLetterTopic;
    this.#outbox.add(deadLetter(failure, { app, topic, atMs: this.#host.clock.now() }));
  }

  #commitFailed(error: unknown): void {
    const cause = error instanceof CommitFailed ? error.cause : null;
    if (cause instanceof TransportError && cause.code === 'fenced') {
      this.#host.sensor?.failed?.(cause, 'a commit: the group has moved on');
      this.#ownership.forget();
      this.#ownership.drop();
      this.#host.joining();
      this.#rejoinTimer?.cancel();
      this.#rejoinTimer = this.#host.clock.after(rejoinTimeoutMs, () => this.fail(cause));
    } else if (cause instanceof TransportError && cause.retriable) {
      this.#host.troubled(cause);
    } else this.fail(cause ?? error);
  }

  #committed(any: boolean): void {
    this.#uncommitted = 0;
    if (any) {
      this.#host.committed();
      this.#purge.committed(this.#tasks.inputs(), repartitionTopics(this.#topology.dataflow));
    }
    this.#host.load.update(this.#tasks, this.producer.full);
    // A pass that begins has waited for the group to know it.
    this.#scheduler.kick();
  }

  #marks() {
    const { bufferMaxRecords, bufferResumeRatio } = this.#topology.dataflow.settings;
    return bufferMarks(bufferMaxRecords, bufferResumeRatio);
  }

  #check(): void {
    if (this.#dead) throw new TransportError('closed', 'the session has ended', { retriable: true });
  }

  #die(): void {
    this.#dead = true;
    this.#committer.close();
    this.#scheduler.close();
    this.#ownership.drop();
  }

  async #close(): Promise<void> {
    this.#committer.close();
    this.#upkeep.close();
    this.#rejoinTimer?.cancel();
    this.#ownership.stopRestore();
    await disconnect(this.#connections, this.#host.sensor);
    this.#scheduler.close();
  }
}
