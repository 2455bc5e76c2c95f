import type { RecordFailure } from '../topology/topology.ts';

/** A record that a step has made, and of what: for the note that takes its place where it is too large to be written. */
export class StepMaking {
  readonly policy: RecordFailure['policy'];
  readonly agent: string;
  readonly step: string;
  readonly origin: FailurePlace;

  constructor(scope: Pick<StepMaking, 'policy' | 'agent' | 'step'>, origin: FailurePlace) {
    this.policy = scope.policy;
    this.agent = scope.agent;
    this.step = scope.step;
    this.origin = origin;
  }
}

/** Where the record at hand stands. */
export type FailurePlace = Pick<RecordFailure, 'topic' | 'partition' | 'offset' | 'timestampMs' | 'headers'>;

/** A dead letter, by what it tells. */
export class LetterMaking {
  readonly failure: RecordFailure;

  constructor(failure: RecordFailure) {
    this.failure = failure;
  }
}

/** Records up to this size carry no making: no topic takes so little. */
const smallBytes = 1_024;

/** Whether a record may be too large for some topic. */
export const isLarge = (key: Buffer | null, value: Buffer | null, hasHeaders: boolean): boolean =>
  hasHeaders || (key?.length ?? 0) + (value?.length ?? 0) > smallBytes;
