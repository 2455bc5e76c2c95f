/** What a source partition has told of its time. */
export interface Feeder {
  /** As in its records' origins. */
  readonly source: number;
  readonly byRecords: boolean;
  /** The highest event time told; −Infinity before any. */
  timeMs: number;
  /** It has said that it has nothing to read. */
  idle: boolean;
}
