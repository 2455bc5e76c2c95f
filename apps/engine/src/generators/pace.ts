/** Keeps a rate: how many events are due, from the time that has passed. After a standstill it makes up for one second at most. */
export class Pace {
  #ratePerSecond: number;
  #lastMs: number;
  #owed = 0;

  constructor(ratePerSecond: number, nowMs: number) {
    this.#ratePerSecond = ratePerSecond;
    this.#lastMs = nowMs;
  }

  set ratePerSecond(rate: number) {
    this.#ratePerSecond = rate;
  }

  /** Events due since the last call, whole ones. `nowMs` is monotonic. */
  due(nowMs: number): number {
    const passedMs = Math.min(1_000, Math.max(0, nowMs - this.#lastMs));
    this.#lastMs = nowMs;
    this.#owed += (passedMs * this.#ratePerSecond) / 1_000;
    const whole = Math.floor(this.#owed);
    this.#owed -= whole;
    return whole;
  }
}
