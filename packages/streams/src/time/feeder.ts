/** A topic, or a table's changes, whose partitions feed a repartition topic. */
export interface FeederTopic {
  /** A Kafka topic's name, or a table's. */
  readonly name: string;
  /** The Kafka topics whose partitions it has: itself, or those that the table's tasks read. */
  readonly topics: readonly string[];
  /** As declared: the most of `topics`. */
  readonly partitions: number;
  /**
   * Its records are repartitioned in the order in which they were read, so that each says how far its source is. Otherwise only marks do: what
   * comes through another repartition, or is a table's change, is in no order of time.
   */
  readonly byRecords: boolean;
}

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
