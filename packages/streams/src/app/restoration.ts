import type { Clock } from '../clock.ts';
import type { RestoredTask, TableManager } from '../tables/table-manager.ts';
import type { Task } from '../task/task.ts';
import type { RestoreTotals } from './session-host.ts';

export interface RestorationOptions {
  readonly tables: TableManager;
  readonly clock: Clock;
  readonly progress: (totals: RestoreTotals) => void;
  /** A task's tables are whole. */
  readonly restored: (task: Task, outcome: RestoredTask, tookMs: number) => void;
}

/** The restore of the tasks of one assignment that came without their state. Other tasks work meanwhile. */
export class Restoration {
  readonly #tasks: ReadonlyMap<string, Task>;
  readonly #options: RestorationOptions;
  readonly #abort = new AbortController();
  readonly #startedMs: number;

  constructor(tasks: readonly Task[], options: RestorationOptions) {
    this.#tasks = new Map(tasks.map((task) => [task.id, task]));
    this.#options = options;
    this.#startedMs = options.clock.monotonic();
  }

  /** Nothing more is told from now on. */
  abort(): void {
    this.#abort.abort();
  }

  /** Resolves with true when every task is restored, with false when it was aborted; throws what the transport throws. */
  async run(): Promise<boolean> {
    const { tables, progress, restored } = this.#options;
    const { signal } = this.#abort;
    const jobs = [...this.#tasks.values()].map((task) => ({
      task: task.id,
      partition: task.partition,
      tables: [...task.processor.tables.values()],
    }));
    progress({ done: 0, total: 0, leftMs: null });
    try {
      await tables.restore(
        jobs,
        {
          progress: (id, done, total) => {
            const task = this.#tasks.get(id);
            if (!task || signal.aborted) return;
            task.restored = { done, total, tookMs: null };
            progress(this.#totals());
          },
          restored: (id, outcome) => {
            const task = this.#tasks.get(id);
            if (!task || signal.aborted) return;
            const tookMs = this.#tookMs();
            task.restored = { done: outcome.records, total: outcome.records, tookMs };
            restored(task, outcome, tookMs);
          },
        },
        signal,
      );
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    return !signal.aborted;
  }

  #totals(): RestoreTotals {
    let done = 0;
    let total = 0;
    for (const { restored } of this.#tasks.values()) {
      done += restored?.done ?? 0;
      total += restored?.total ?? 0;
    }
    return { done, total, leftMs: done > 0 ? Math.round((this.#tookMs() / done) * (total - done)) : null };
  }

  #tookMs(): number {
    return this.#options.clock.monotonic() - this.#startedMs;
  }
}
