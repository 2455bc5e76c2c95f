import type { ProducedRecord } from './record.ts';
import type { TransportError } from './transport-error.ts';

export interface RecordProducerOptions {
  /** Idempotent unless said otherwise: retries write nothing twice. */
  readonly idempotent?: boolean;
  readonly clientId?: string;
  /** The most that may wait for acknowledgement, bytes; `full` is true above it. */
  readonly maxBufferedBytes?: number;
  /** How long a record may wait for its batch to fill, ms. */
  readonly lingerMs?: number;
  /**
   * How long a `flush` waits for what Kafka does not take, ms; then it rejects with what was said last (`timeout`), and the producer gives up. Of what was on its
   * way it is not known whether it was written. Without it a flush waits for as long as it takes.
   */
  readonly patienceMs?: number;
  /**
   * Gets each record that Kafka refuses for its own size, with what it said; what follows it is written all the same. Called before the `flush` that
   * waits for it resolves; it may `send` what takes the record's place. Without it such a record is a failure as any other.
   */
  readonly tooLarge?: (record: ProducedRecord, refusal: TransportError) => void;
}

export interface RecordProducer {
  /**
   * Takes records; they are written in order per partition, in the background. Never blocks: callers look at `full` and wait for `drained`.
   * Once one could not be written nothing that follows it is, until `flush` has told: what is written of a partition never has a gap behind it.
   */
  send(records: readonly ProducedRecord[]): void;
  /** Above its bound. */
  readonly full: boolean;
  /** Resolves when no longer full. */
  drained(): Promise<void>;
  /** Resolves when everything sent before the call is acknowledged by all in-sync replicas, or was too large; rejects with the first failure since the last flush. */
  flush(): Promise<void>;
  readonly bufferedBytes: number;
  /** Flushes and closes. Idempotent. */
  close(): Promise<void>;
}
