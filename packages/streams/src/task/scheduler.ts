import type { Clock } from '../clock.ts';
import type { Task } from './task.ts';

/** Events of a task in a row before the next task has its turn. */
const sliceEvents = 1_000;
/** Work between two yields to the event loop, ms: heartbeats and messages wait no longer than this and one slice. */
const turnMs = 10;

export interface SchedulerOptions {
  readonly clock: Clock;
  readonly tasks: Iterable<Task>;
  readonly producer: { readonly full: boolean; drained(): Promise<void> };
  /** After each slice: posts what it sent, adjusts the flow. */
  readonly worked: (task: Task, events: number, tookMs: number) => void;
  /** After each turn, and when it waits for the producer. */
  readonly turned: (backpressured: boolean) => void;
  /** A slice threw: the scheduler has closed itself. */
  readonly failed: (error: unknown) => void;
}

/** Gives tasks with work their turns, round robin. A slice is synchronous: between slices, whoever holds the scheduler finds every task at a batch boundary. */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #ended: Promise<void>;
  #end: () => void = () => {};
  #closed = false;
  #holds = 0;
  #running = false;
  #last: Task | null = null;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** There may be work. */
  kick(): void {
    if (this.#running || this.#holds > 0 || this.#closed) return;
    this.#running = true;
    setImmediate(() => void this.#run());
  }

  /** No slice begins until as many releases as holds. */
  hold(): void {
    this.#holds++;
  }

  release(): void {
    this.#holds--;
    this.kick();
  }

  close(): void {
    this.#closed = true;
    this.#end();
  }

  get working(): boolean {
    return this.#running;
  }

  async #run(): Promise<void> {
    const { producer, turned } = this.#options;
    try {
      while (this.#holds === 0 && !this.#closed) {
        if (producer.full) {
          turned(true);
          await Promise.race([producer.drained(), this.#ended]);
          continue;
        }
        const worked = this.#turn();
        turned(false);
        if (!worked) break;
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
    } catch (error) {
      this.close();
      this.#options.failed(error);
    } finally {
      this.#running = false;
    }
  }

  /** Slices until the turn's time is over or nothing is left; whether any work was done. */
  #turn(): boolean {
    const { clock, producer, worked } = this.#options;
    const tasks = [...this.#options.tasks].filter((task) => task.hasWork);
    const startedMs = clock.monotonic();
    const first = this.#last ? tasks.findIndex((task) => this.#last && task.id > this.#last.id) : 0;
    let index = Math.max(0, first);
    let any = false;
    while (tasks.length > 0) {
      index %= tasks.length;
      const task = tasks[index];
      if (!task?.hasWork) {
        tasks.splice(index, 1);
        continue;
      }
      const sliceMs = clock.monotonic();
      const events = task.work(sliceEvents);
      const nowMs = clock.monotonic();
      worked(task, events, nowMs - sliceMs);
      this.#last = task;
      any = true;
      index++;
      if (nowMs - startedMs >= turnMs || producer.full || this.#closed || this.#holds > 0) break;
    }
    return any;
  }
}
