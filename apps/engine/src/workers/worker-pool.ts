import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@millrace/streams';
import type { Log } from '../log.ts';
import type { Entry } from './entries.ts';
import { type WorkerListener, WorkerProcess } from './worker-process.ts';

export interface WorkerPoolOptions {
  readonly engine: string;
  readonly count: number;
  /** See `EngineConfig.watchdogMs`. */
  readonly watchdogMs: number;
  readonly entry: Entry;
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * This engine's workers. Each of the shared ones is a member of every app's group; Kafka divides the partitions among them. An app that ends its workers
 * has one of its own until it is past what does it, so that it ends no other app's.
 */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #shared: readonly WorkerProcess[];
  readonly #isolated = new Map<string, WorkerProcess>();
  readonly #listeners = new Set<WorkerListener>();
  /** Where workers write down what they are at. */
  readonly #folder = mkdtempSync(join(tmpdir(), 'millrace-workers-'));

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#shared = Array.from({ length: options.count }, (_, at) => this.#worker(`${options.engine}-${at + 1}`));
  }

  get all(): readonly WorkerProcess[] {
    return [...this.#shared, ...this.#isolated.values()];
  }

  get running(): readonly WorkerProcess[] {
    return this.all.filter((worker) => worker.state === 'running');
  }

  /** The workers that run an app: the shared ones, or the one of its own. */
  of(app: string): readonly WorkerProcess[] {
    const own = this.#isolated.get(app);
    return own === undefined ? this.#shared : [own];
  }

  listen(listener: WorkerListener): void {
    this.#listeners.add(listener);
  }

  start(): void {
    for (const worker of this.#shared) worker.start();
  }

  /** Starts a worker for this app alone; it is not stopped on the others by this. */
  isolate(app: string): void {
    if (this.#isolated.has(app)) return;
    const worker = this.#worker(`${this.#options.engine}-${app}`);
    this.#isolated.set(app, worker);
    worker.start();
  }

  /** Ends the app's own worker, if it has one. */
  async release(app: string): Promise<void> {
    const worker = this.#isolated.get(app);
    this.#isolated.delete(app);
    await worker?.stop();
  }

  /** Ends them all, side by side. Idempotent. */
  async stop(): Promise<void> {
    await Promise.all(this.all.map((worker) => worker.stop()));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #worker(id: string): WorkerProcess {
    const { entry, env, clock, log, watchdogMs } = this.#options;
    const everybody: WorkerListener = {
      ready: (worker) => {
        for (const listener of this.#listeners) listener.ready(worker);
      },
      down: (worker, death) => {
        for (const listener of this.#listeners) listener.down(worker, death);
      },
      status: (worker, status) => {
        for (const listener of this.#listeners) listener.status(worker, status);
      },
    };
    return new WorkerProcess({
      id,
      entry,
      env,
      listener: everybody,
      clock,
      log,
      watchdogMs,
      flightFile: join(this.#folder, id),
    });
  }
}
