/** Waits that double from 100 ms to 5 s, with a fifth of chance, until a success starts them over. */
export class BackOff {
  #next = 100;

  reset(): void {
    this.#next = 100;
  }

  /** Resolves after the next wait, or at once when aborted. */
  async wait(signal: AbortSignal): Promise<void> {
    const delayMs = this.#next * (0.9 + Math.random() * 0.2);
    this.#next = Math.min(this.#next * 2, 5_000);
    await pause(delayMs, signal);
  }
}

/** Resolves after `delayMs`, or as soon as the signal aborts. */
export const pause = (delayMs: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, delayMs);
    signal.addEventListener('abort', done, { once: true });
  });
