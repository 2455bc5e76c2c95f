/** What one run of one contender says: printed by its process as its last line. */
export interface Measurement {
  readonly records: number;
  readonly seconds: number;
  /** User and system time of the measured process. */
  readonly cpuSeconds: number;
  /** What was computed, to compare contenders by: they must agree. */
  readonly result: string;
}

/** Measures from construction to `stop`. */
export class Stopwatch {
  readonly #startedMs = performance.now();
  readonly #cpu = process.cpuUsage();

  stop(): Pick<Measurement, 'seconds' | 'cpuSeconds'> {
    const { user, system } = process.cpuUsage(this.#cpu);
    return { seconds: (performance.now() - this.#startedMs) / 1_000, cpuSeconds: (user + system) / 1e6 };
  }
}

export const report = (measurement: Measurement): void => console.log(JSON.stringify(measurement));

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
};
