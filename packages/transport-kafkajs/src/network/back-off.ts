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

/**
 * What waits on each signal, behind one listener of it: every partition of a broker that is gone pauses on its loop's signal, and Node takes
 * more than ten listeners for a leak.
 */
const pauses = new WeakMap<AbortSignal, Set<() => void>>();

/** Resolves after `delayMs`, or as soon as the signal aborts. */
export const pause = (delayMs: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const others = pausesOn(signal);
    const done = (): void => {
      clearTimeout(timer);
      others.delete(done);
      resolve();
    };
    const timer = setTimeout(done, delayMs);
    others.add(done);
  });

function pausesOn(signal: AbortSignal): Set<() => void> {
  const known = pauses.get(signal);
  if (known !== undefined) return known;
  const waiting = new Set<() => void>();
  const endAll = (): void => {
    for (const end of waiting) end();
  };
  signal.addEventListener('abort', endAll, { once: true });
  pauses.set(signal, waiting);
  return waiting;
}
