import type { Evaluate } from '@millrace/spec';
import { boundedReason } from '../codecs/reason.ts';
import { StepMaking } from '../producer/making.ts';
import type { StepMeter, TaskContext } from '../topology/topology.ts';
import type { RowOrigin, Rows } from './rows.ts';

/**
 * One step at work. `run` transforms the rows in place and keeps their order; what it takes out, by filter or failure, is no longer there afterwards.
 * Never throws for a row's sake: it calls `StepScope.fail` and leaves the row out. Meters other than `errors` and `late` are the chain's to keep.
 */
export interface Operator {
  readonly scope: StepScope;
  run(rows: Rows): void;
}

/** What a step of one task knows of its surroundings. */
export class StepScope {
  readonly context: TaskContext;
  readonly agent: string;
  readonly step: string;
  readonly meter: StepMeter;
  readonly policy: 'dead-letter' | 'skip' | 'stop';

  constructor(context: TaskContext, agent: string, step: string, policy: 'dead-letter' | 'skip' | 'stop') {
    this.context = context;
    this.agent = agent;
    this.step = step;
    this.meter = context.meters.step(agent, step);
    this.policy = policy;
  }

  /** Its turn begins: whatever goes wrong from here on goes wrong in this step. */
  entered(): void {
    this.context.entered(this.agent, this.step);
  }

  /** What a record that this step makes of a row has to tell where it is too large to be written. */
  making(origin: RowOrigin): StepMaking {
    const { key: _key, value: _value, ...place } = origin;
    return new StepMaking(this, place);
  }

  /** Counts and reports a row that this step cannot process. */
  fail(rows: Rows, row: number, error: unknown): void {
    this.meter.errors++;
    this.context.failed({
      ...rows.origin(rows.origins[row] as number), // row is within length
      policy: this.policy,
      kind: 'step',
      agent: this.agent,
      step: this.step,
      reason: boundedReason(error instanceof Error ? error.message : String(error)),
    });
  }
}

export const evaluate = (expression: Evaluate, rows: Rows, row: number): unknown =>
  expression(
    rows.keys[row],
    rows.values[row],
    rows.timestampsMs[row] as number, // row is within length
    rows.headers?.[row],
    rows.windows?.[row],
  );
