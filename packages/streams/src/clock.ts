/** Wall time, handed in: the system's in production, a hand-driven one under the test driver. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds from an arbitrary start, monotonic, with a fraction: for durations. */
  monotonic(): number;
  /** Calls once after `delayMs`; the handle cancels. */
  after(delayMs: number, callback: () => void): { cancel(): void };
}
