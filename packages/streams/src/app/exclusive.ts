/** Runs what is handed in one after the other, in order. */
export class Exclusive {
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;

  /** Whether something runs or waits. */
  get busy(): boolean {
    return this.#waiting > 0;
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting++;
    const result = this.#last.then(work);
    const settled = () => {
      this.#waiting--;
    };
    this.#last = result.then(settled, settled);
    return result;
  }
}
