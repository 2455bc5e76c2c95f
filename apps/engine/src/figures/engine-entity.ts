import type { EngineEntity } from '@millrace/protocol';
import type { ProcessLoad } from '../process-load.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';

/** This engine and its workers. */
export function engineEntity(name: string, startedMs: number, load: ProcessLoad, pool: WorkerPool): EngineEntity {
  const workers = pool.all.map((worker) => ({
    id: worker.id,
    pid: worker.pid,
    state: worker.state,
    startedMs: worker.startedMs,
    restarts: worker.restarts,
    cpuPercent: worker.latest?.cpuPercent ?? 0,
    heapBytes: worker.latest?.heapBytes ?? 0,
    tasks: worker.latest?.apps.reduce((total, { status }) => total + status.tasks.length, 0) ?? 0,
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
