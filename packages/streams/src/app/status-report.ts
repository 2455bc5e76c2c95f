import type { Task } from '../task/task.ts';
import type { AppState, AppStatus, PartitionStatus, TaskStatus } from './status.ts';

/** A task as the status shows it. */
export const taskStatus = (task: Task, appState: AppState): TaskStatus => ({
  subtopology: task.subtopology.id,
  partition: task.partition,
  state: task.ready ? (appState.kind === 'paused' ? 'paused' : 'running') : 'restoring',
  streamTimeMs: finiteOrNull(task.processor.streamTimeMs),
  timeWaitsFor: task.waitsFor,
  ...(task.restored ? { restored: task.restored } : {}),
});

/** The source partitions of a task. Lag is what has not been processed: end minus read. */
export const partitionStatuses = (
  task: Task,
  paused: (topic: string, partition: number) => boolean,
): PartitionStatus[] =>
  task.inputs.map((input) => {
    const read = input.tracker.position;
    return {
      subtopology: task.subtopology.id,
      topic: input.topic,
      partition: input.partition,
      committed: input.committed === null ? null : String(input.committed),
      read: String(read),
      end: String(input.end),
      lag: Math.max(0, Number(input.end - read)),
      tombstones: input.tombstones,
      buffered: input.buffer.records,
      bufferMax: input.buffer.marks.highRecords,
      paused: paused(input.topic, input.partition),
    };
  });

export const tableStatuses = (tasks: readonly Task[]): AppStatus['tables'] => {
  const tables: Record<string, AppStatus['tables'][string][number][]> = {};
  for (const task of tasks) {
    for (const [id, table] of task.processor.tables) {
      const partitions = tables[id] ?? [];
      partitions.push({ partition: table.partition, ...table.stats() });
      tables[id] = partitions;
    }
  }
  return tables;
};

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
