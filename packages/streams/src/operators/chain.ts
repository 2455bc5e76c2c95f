import type { Clock } from '../clock.ts';
import type { Operator } from './operator.ts';
import type { Rows } from './rows.ts';

/** The operators of one stage, in order, with their meters: two clock readings a step and batch. */
export class Chain {
  readonly rows: Rows;
  readonly #operators: readonly Operator[];
  readonly #clock: Clock;

  constructor(rows: Rows, operators: readonly Operator[], clock: Clock) {
    this.rows = rows;
    this.#operators = operators;
    this.#clock = clock;
  }

  /** Runs what `rows` has been loaded with. */
  run(): void {
    const { rows } = this;
    let startMs = this.#clock.monotonic();
    for (const operator of this.#operators) {
      if (rows.length === 0) return;
      const { meter } = operator.scope;
      const before = rows.length;
      const { errors, late } = meter;
      operator.scope.entered();
      operator.run(rows);
      const gone = before - rows.length;
      meter.in += before;
      meter.out += rows.length;
      // A row that is late for some windows only was not taken out.
      meter.dropped += Math.max(0, gone - (meter.errors - errors) - (meter.late - late));
      const endMs = this.#clock.monotonic();
      meter.busyMs += endMs - startMs;
      startMs = endMs;
    }
  }
}
