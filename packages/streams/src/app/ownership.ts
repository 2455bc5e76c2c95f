import type { Clock } from '../clock.ts';
import type { FlowControl } from '../flow-control/flow-control.ts';
import type { BufferMarks } from '../flow-control/partition-buffer.ts';
import type { NoticePlace } from '../sensors/notice.ts';
import type { RestoredTask, TableManager } from '../tables/table-manager.ts';
import { Task, type TaskEnvironment, taskId } from '../task/task.ts';
import type { TaskSource } from '../task/task-input.ts';
import { TaskPocket } from '../task/task-pocket.ts';
import type { TaskRegistry } from '../task/task-registry.ts';
import type { Subtopology, Topology } from '../topology/topology.ts';
import type { Assignment, GroupConsumer } from '../transport/group-consumer.ts';
import { partitionId } from '../transport/record.ts';
import type { KnownTopics } from './known-topics.ts';
import { cutOffWords, madeAnewWords } from './log-words.ts';
import { Restoration } from './restoration.ts';
import type { RestoreTotals } from './session-host.ts';

export interface OwnershipOptions {
  readonly tasks: TaskRegistry;
  readonly tables: TableManager;
  readonly flow: FlowControl;
  readonly consumer: Pick<GroupConsumer, 'seek'>;
  readonly clock: Clock;
  readonly environment: TaskEnvironment;
  /** Kept up to date here. */
  readonly known: KnownTopics;
  /** Something that a person should know, and that is no failure: in words. */
  readonly noticed: (words: string, place: NoticePlace) => void;
  readonly restoring: (totals: RestoreTotals) => void;
  readonly restored: (task: Task, outcome: RestoredTask, tookMs: number) => void;
  /** Every task of the assignment is ready. */
  readonly ready: () => void;
  readonly failed: (error: unknown) => void;
  /** Throws when the session has ended meanwhile. */
  readonly check: () => void;
}

/** Which tasks this member holds: built for an assignment, or taken back with their state where nobody else had them meanwhile, else restored. */
export class Ownership {
  readonly #options: OwnershipOptions;
  readonly #pocket = new TaskPocket();
  #restoring: { readonly restoration: Restoration; readonly done: Promise<void> } | null = null;

  constructor(options: OwnershipOptions) {
    this.#options = options;
  }

  /** Resolves when no restore goes on; null: none does. */
  get restoring(): Promise<void> | null {
    return this.#restoring?.done ?? null;
  }

  /** Makes the tasks of an assignment, and begins to restore those that need it; their partitions are held until they are. */
  async take(assignment: Assignment, topology: Topology, marks: BufferMarks): Promise<void> {
    const { tasks, tables, flow, consumer, environment, known, ready, check } = this.#options;
    this.drop();
    flow.reset(assignment.partitions);
    const assigned = tasksOf(assignment, topology, known);
    this.#noticePartitions(assignment, topology);
    known.assigned(assignment.topics);
    for (const { subtopology, partition, sources } of assigned) {
      const kept = await this.#pocket.take(taskId(subtopology, partition), subtopology, sources, tables);
      check();
      const task = kept ?? new Task(subtopology, sources, marks, environment);
      tasks.add(task);
      task.join(assignment.generation, (topic) => assignment.topics.get(topic)?.partitions);
      for (const input of task.inputs) {
        if (!task.ready) flow.set(input.topic, input.partition, 'restore', true);
        else if (kept || input.madeAnewAfter !== null) consumer.seek(input, input.tracker.position);
      }
    }
    this.#pocket.clear();
    this.#noticeLogs([...tasks].filter((task) => task.ready));
    const waiting = [...tasks].filter((task) => !task.ready);
    if (waiting.length > 0) this.#restore(waiting);
    else ready();
  }

  /** Puts the tasks, flushed and committed, aside until the next assignment; then they are no longer held. */
  async setAside(): Promise<void> {
    await this.#pocket.fill([...this.#options.tasks], this.#options.tables);
    this.drop();
  }

  /** Gives up what was set aside: its state is no longer known to be the latest. */
  forget(): void {
    this.#pocket.clear();
  }

  /** Holds no task any more. */
  drop(): void {
    this.stopRestore();
    this.#options.known.givenUp(this.#options.tasks.inputs());
    this.#options.tasks.clear();
    this.#options.flow.reset([]);
  }

  stopRestore(): void {
    this.#restoring?.restoration.abort();
  }

  /** Says which topics have other partitions than before, or than the document says. */
  #noticePartitions({ topics }: Assignment, topology: Topology): void {
    for (const [topic, { partitions }] of topics) {
      const declared = topology.dataflow.topics.find(({ name }) => name === topic)?.partitions;
      const before = this.#options.known.topic(topic)?.partitions ?? declared ?? partitions;
      if (partitions === 0 || partitions === before) continue;
      this.#options.noticed(
        `${topic} has ${partitions} partitions now, not ${before}: each is read, new ones from their first record.`,
        { topic },
      );
    }
  }

  /** Says which topics of these tasks are read from their start, because they are others than before. */
  #noticeLogs(tasks: readonly Task[]): void {
    const read = new Map<string, bigint>();
    for (const { topic, madeAnewAfter } of tasks.flatMap(({ inputs }) => inputs)) {
      if (madeAnewAfter !== null) read.set(topic, (read.get(topic) ?? 0n) + madeAnewAfter);
    }
    for (const [topic, offsets] of read) this.#options.noticed(madeAnewWords(topic, offsets), { topic });
  }

  #restore(waiting: readonly Task[]): void {
    const { tables, clock, flow, consumer, restoring, restored, ready, failed } = this.#options;
    const restoration = new Restoration(waiting, {
      tables,
      clock,
      progress: restoring,
      restored: (task, outcome, tookMs) => {
        for (const start of task.begin(outcome)) {
          consumer.seek(start, start.offset);
          flow.set(start.topic, start.partition, 'restore', false);
        }
        for (const [changelog, from] of outcome.cutOff)
          this.#options.noticed(cutOffWords(changelog, task.partition, from), {});
        restored(task, outcome, tookMs);
      },
    });
    const over = () => {
      if (this.#restoring?.restoration === restoration) this.#restoring = null;
    };
    const done = restoration.run().then(
      (whole) => {
        over();
        if (!whole) return;
        this.#noticeLogs(waiting);
        ready();
      },
      (error: unknown) => {
        over();
        failed(error);
      },
    );
    this.#restoring = { restoration, done };
  }
}

interface AssignedTask {
  readonly subtopology: Subtopology;
  readonly partition: number;
  readonly sources: readonly TaskSource[];
}

/** By the partitions that there are: the declared number decides only how many a topic is made with. */
const tasksOf = (assignment: Assignment, topology: Topology, known: KnownTopics): AssignedTask[] => {
  const assigned = new Map(
    assignment.partitions.map((source) => [
      partitionId(source.topic, source.partition),
      { ...source, read: known.partition(source) },
    ]),
  );
  return topology.subtopologies.flatMap((subtopology) => {
    const { sources } = subtopology;
    const partitions = Math.max(0, ...sources.map((topic) => assignment.topics.get(topic)?.partitions ?? 0));
    return Array.from({ length: partitions }, (_, partition) => ({
      subtopology,
      partition,
      sources: sources
        .map((topic) => assigned.get(partitionId(topic, partition)))
        .filter((source) => source !== undefined),
    })).filter(({ sources }) => sources.length > 0);
  });
};
