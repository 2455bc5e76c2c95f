import type { Clock } from '@millrace/streams';
import type { Log } from '../log.ts';
import type { Entry } from './entries.ts';
import { type WorkerListener, WorkerProcess } from './worker-process.ts';

export interface WorkerPoolOptions {
  readonly engine: string;
  readonly count: number;
  readonly entry: Entry;
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly log: Log;
}

/** This engine's workers. Every one is a member of each app's group; Kafka divides the partitions among them. */
export class WorkerPool {
  readonly all: readonly WorkerProcess[];
  readonly #listeners = new Set<WorkerListener>();

  constructor({ engine, count, entry, env, clock, log }: WorkerPoolOptions) {
    const everybody: WorkerListener = {
      ready: (worker) => {
        for (const listener of this.#listeners) listener.ready(worker);
      },
      down: (worker) => {
        for (const listener of this.#listeners) listener.down(worker);
      },
      status: (worker, status) => {
        for (const listener of this.#listeners) listener.status(worker, status);
      },
    };
    this.all = Array.from(
      { length: count },
      (_, at) => new WorkerProcess(`${engine}-${at + 1}`, entry, env, everybody, clock, log),
    );
  }

  get running(): readonly WorkerProcess[] {
    return this.all.filter((worker) => worker.state === 'running');
  }

  listen(listener: WorkerListener): void {
    this.#listeners.add(listener);
  }

  start(): void {
    for (const worker of this.all) worker.start();
  }

  /** Ends them all, side by side. Idempotent. */
  async stop(): Promise<void> {
    await Promise.all(this.all.map((worker) => worker.stop()));
  }
}
