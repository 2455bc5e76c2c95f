/** Wakes whoever waits; a notification with nobody waiting is kept for the next to wait. */
export class Signal {
  #waiting: (() => void) | null = null;
  #notified = false;

  notify(): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting) waiting();
    else this.#notified = true;
  }

  /** At most one waits at a time. */
  wait(): Promise<void> {
    if (this.#notified) {
      this.#notified = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }
}
