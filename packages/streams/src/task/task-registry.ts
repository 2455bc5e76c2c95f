import { partitionId, type TopicPartition } from '../transport/record.ts';
import type { Task } from './task.ts';
import type { TaskInput } from './task-input.ts';

/** The tasks that this member holds, by id and by source partition. */
export class TaskRegistry implements Iterable<Task> {
  readonly #tasks = new Map<string, Task>();
  readonly #inputs = new Map<string, TaskInput>();

  [Symbol.iterator](): Iterator<Task> {
    return this.#tasks.values();
  }

  get size(): number {
    return this.#tasks.size;
  }

  /** Every source partition. */
  inputs(): Iterable<TaskInput> {
    return this.#inputs.values();
  }

  get(id: string): Task | undefined {
    return this.#tasks.get(id);
  }

  input(topic: string, partition: number): TaskInput | undefined {
    return this.#inputs.get(partitionId(topic, partition));
  }

  /** The source partition's log has lost its position: it goes on at `position`. */
  restart({ topic, partition }: TopicPartition, position: bigint): void {
    for (const task of this) if (task.partition === partition) task.restart(topic, position);
  }

  add(task: Task): void {
    this.#tasks.set(task.id, task);
    for (const input of task.inputs) this.#inputs.set(partitionId(input.topic, input.partition), input);
  }

  clear(): void {
    this.#tasks.clear();
    this.#inputs.clear();
  }
}
