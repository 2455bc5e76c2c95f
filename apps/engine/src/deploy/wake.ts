import type { Clock } from '@millrace/streams';

/** Lets one loop sleep until something happened. A call before the sleep ends the next one: nothing is missed. */
export class Wake {
  readonly #clock: Clock;
  #called = false;
  #resolve: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  call(): void {
    this.#called = true;
    this.#resolve?.();
  }

  /** Resolves at the next call, or after `timeoutMs`. */
  async sleep(timeoutMs?: number): Promise<void> {
    if (!this.#called) {
      await new Promise<void>((resolve) => {
        const timer = timeoutMs === undefined ? undefined : this.#clock.after(timeoutMs, resolve);
        this.#resolve = () => {
          timer?.cancel();
          resolve();
        };
      });
    }
    this.#resolve = undefined;
    this.#called = false;
  }
}
