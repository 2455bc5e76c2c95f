import type { Clock } from '../clock.ts';
import type { Task } from '../task/task.ts';
import type { CommitOptions } from './commit-cycle.ts';
import { commitTasks } from './commit-cycle.ts';
import type { Exclusive } from './exclusive.ts';

export interface CommitterOptions extends CommitOptions {
  readonly clock: Clock;
  readonly tasks: Iterable<Task>;
  /** Commits take their turn with everything else that changes tasks. */
  readonly exclusive: Exclusive;
  readonly intervalMs: () => number;
  /** A cycle is over; `any`: it committed offsets. */
  readonly committed: (any: boolean) => void;
  readonly failed: (error: unknown) => void;
}

/** Commits every interval in which there is something to, and when asked to. One cycle at a time; after each the interval begins anew. Where there was nothing it sleeps until it is stirred. */
export class Committer {
  readonly #options: CommitterOptions;
  #timer: { cancel(): void } | null = null;
  #waiting = false;
  #asleep = false;
  #closed = false;

  constructor(options: CommitterOptions) {
    this.#options = options;
  }

  /** Some task's flush might write, tell or commit something. */
  get #due(): boolean {
    for (const task of this.#options.tasks) if (task.flushDue) return true;
    return false;
  }

  /** Commits; to be called by whoever holds the exclusive already. */
  async now(): Promise<void> {
    this.#options.committed(await commitTasks([...this.#options.tasks], this.#options));
  }

  /** Commits as soon as nothing else changes the tasks. */
  soon(): void {
    if (this.#closed || this.#waiting) return;
    this.#waiting = true;
    this.#timer?.cancel();
    const ended = this.#options.exclusive.run(async () => {
      this.#waiting = false;
      if (!this.#closed) await this.now();
    });
    void ended.then(
      () => this.schedule(),
      (error: unknown) => {
        this.schedule();
        this.#options.failed(error);
      },
    );
  }

  /** The next cycle comes an interval from now. */
  schedule(): void {
    this.#timer?.cancel();
    this.#asleep = false;
    if (this.#closed) return;
    this.#timer = this.#options.clock.after(this.#options.intervalMs(), () => {
      if (this.#due) this.soon();
      else this.#asleep = true;
    });
  }

  /** There may be something to commit. */
  stir(): void {
    if (this.#asleep) this.schedule();
  }

  /** No cycle begins by itself any more. */
  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }
}
