import type { Clock } from '../clock.ts';
import type { Suspects } from '../poison/suspects.ts';
import type { WorkCursor } from '../poison/work-cursor.ts';
import type { AgentLoad } from '../sensors/agent-load.ts';
import type { NoticePlace } from '../sensors/notice.ts';
import type { Sensor } from '../sensors/sensor.ts';
import type { RecordFailure, StepMeters } from '../topology/topology.ts';
import type { Transport } from '../transport/transport.ts';
import type { KnownTopics } from './known-topics.ts';

export interface RestoreTotals {
  readonly done: number;
  readonly total: number;
  readonly leftMs: number | null;
}

/** What a session finds in its app: what outlives it, and whom it tells. */
export interface SessionHost {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly workerId: string;
  readonly sensor: Sensor | undefined;
  readonly meters: StepMeters;
  readonly load: AgentLoad;
  /** Where the app is at work. */
  readonly cursor: WorkCursor;
  readonly suspects: Suspects;
  readonly known: KnownTopics;
  /** A person has paused the app. */
  readonly paused: boolean;
  /** The last word was `troubled`. */
  readonly inTrouble: boolean;
  /** After a sleep: see `Upkeep.asleep`. */
  awoke(): void;
  joining(): void;
  restoring(totals: RestoreTotals): void;
  ready(): void;
  /** Something failed that is being tried again, the tasks unharmed. */
  troubled(error: Error): void;
  recovered(): void;
  /** Offsets were committed: it gets on. */
  committed(): void;
  recordFailed(failure: RecordFailure): void;
  /** Something that a person should know, and that is no failure. */
  noticed(words: string, place: NoticePlace, subject?: string): void;
}
