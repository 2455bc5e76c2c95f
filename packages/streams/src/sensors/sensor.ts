import type { AppState } from '../app/status.ts';
import type { RecordFailure } from '../topology/topology.ts';
import type { TopicPartition } from '../transport/record.ts';

/** One observer, from message-in to commit. Every method is optional and called synchronously; it must not throw. Without one, nothing is counted. */
export interface Sensor {
  /** A batch came from the broker. */
  batchIn?(topic: string, partition: number, records: number, sizeBytes: number): void;
  /** A slice of a task's events went through its steps. */
  processed?(task: string, events: number, tookMs: number): void;
  /** Records were given to the producer. */
  sent?(records: number): void;
  committed?(offsets: readonly (TopicPartition & { readonly offset: bigint })[], tookMs: number): void;
  recordFailed?(failure: RecordFailure): void;
  assigned?(generation: number, partitions: readonly TopicPartition[]): void;
  revoked?(partitions: readonly TopicPartition[], lost: boolean): void;
  restored?(task: string, records: number, tookMs: number): void;
  /** The position lay outside the log: the records between are lost or rewritten. */
  outOfRange?(partition: TopicPartition, position: bigint, resetTo: bigint): void;
  stateChanged?(from: AppState, to: AppState): void;
  /** Something that a person should know, and that is no failure. */
  noticed?(words: string): void;
  /** A failure that the runtime recovers from (or, at a stop, can do nothing about). `during` in words. */
  failed?(error: unknown, during: string): void;
}
