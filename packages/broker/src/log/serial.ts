/** Runs tasks one after another, each awaited before the next begins. Its queue is as long as its callers are many. */
export class Serial {
  #tail: Promise<unknown> = Promise.resolve();

  /** The task's own outcome; a failed task does not hold up the next. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const outcome = this.#tail.then(task, task);
    this.#tail = outcome.catch(() => {}); // The caller of `run` gets the failure; the queue only waits for the end.
    return outcome;
  }
}
