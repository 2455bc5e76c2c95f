export interface BenchOptions {
  /** How often each contender is measured; figures are medians. */
  readonly runs: number;
  readonly events: number;
  /** What the memory benchmark lets through, in 10^9 bytes. */
  readonly gigabytes: number;
  /** How many apps are idle. */
  readonly apps: number;
  /** For everything that is written; removed at the end. */
  readonly folder: string;
}
