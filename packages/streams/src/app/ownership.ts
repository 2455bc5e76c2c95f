import type { Clock } from '../clock.ts';
import type { FlowControl } from '../flow-control/flow-control.ts';
import type { BufferMarks } from '../flow-control/partition-buffer.ts';
import type { RestoredTask, TableManager } from '../tables/table-manager.ts';
import { Task, type TaskEnvironment, type TaskSource, taskId } from '../task/task.ts';
import { TaskPocket } from '../task/task-pocket.ts';
import type { TaskRegistry } from '../task/task-registry.ts';
import type { Subtopology, Topology } from '../topology/topology.ts';
import type { Assignment, GroupConsumer } from '../transport/group-consumer.ts';
import { partitionId } from '../transport/record.ts';
import { Restoration } from './restoration.ts';
import type { RestoreTotals } from './session-host.ts';

export interface OwnershipOptions {
  readonly tasks: TaskRegistry;
  readonly tables: TableManager;
  readonly flow: FlowControl;
  readonly consumer: Pick<GroupConsumer, 'seek'>;
  readonly clock: Clock;
  readonly environment: TaskEnvironment;
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
    const { tasks, tables, flow, consumer, environment, ready, check } = this.#options;
    this.drop();
    flow.reset(assignment.partitions);
    for (const { subtopology, partition, sources } of tasksOf(assignment, topology)) {
      const kept = await this.#pocket.take(taskId(subtopology, partition), subtopology, sources, tables);
      check();
      const task = kept ?? new Task(subtopology, sources, marks, environment);
      tasks.add(task);
      for (const input of task.inputs) {
        if (!task.ready) flow.set(input.topic, input.partition, 'restore', true);
        else if (kept) consumer.seek(input, input.tracker.position);
      }
    }
    this.#pocket.clear();
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
    this.#options.tasks.clear();
    this.#options.flow.reset([]);
  }

  stopRestore(): void {
    this.#restoring?.restoration.abort();
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
        restored(task, outcome, tookMs);
      },
    });
    const over = () => {
      if (this.#restoring?.restoration === restoration) this.#restoring = null;
    };
    const done = restoration.run().then(
      (whole) => {
        over();
        if (whole) ready();
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

const tasksOf = (assignment: Assignment, topology: Topology): AssignedTask[] => {
  const assigned = new Map(
    assignment.partitions.map((source) => [partitionId(source.topic, source.partition), source]),
  );
  return topology.subtopologies.flatMap((subtopology) =>
    Array.from({ length: subtopology.partitions }, (_, partition) => ({
      subtopology,
      partition,
      sources: subtopology.sources
        .map((topic) => assigned.get(partitionId(topic, partition)))
        .filter((source) => source !== undefined),
    })).filter(({ sources }) => sources.length > 0),
  );
};
