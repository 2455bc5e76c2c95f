import type { EngineEntity } from '@millrace/protocol';
import type { ProcessLoad } from '../process-load.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import type { Workspace } from './workspace.ts';

/** This engine and its workers. */
export function engineEntity(
  name: string,
  startedMs: number,
  load: ProcessLoad,
  pool: WorkerPool,
  workspace: Workspace,
): EngineEntity {
  const workers = pool.all.map((worker) => ({
    id: worker.id,
    pid: worker.pid,
    state: worker.state,
    startedMs: worker.startedMs,
    restarts: worker.restarts,
    cpuPercent: worker.latest?.cpuPercent ?? 0,
    heapBytes: worker.latest?.heapBytes ?? 0,
    tasks: workspace.tasksOf(worker.id),
  }));
  return {
    id: `engine:${name}`,
    type: 'engine',
    name,
    startedMs,
    ...load.read(),
    tasks: workers.reduce((total, { tasks }) => total + tasks, 0),
    workers,
  };
}
