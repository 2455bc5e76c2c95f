import type { Evaluate } from '@millrace/spec';
import type { MemoryTable } from '../tables/memory-table.ts';
import { evaluate, type Operator, type StepScope } from './operator.ts';
import type { RowOrigin, Rows } from './rows.ts';

/** Folds each row into its key's entries of a table, one for every window that holds it. */
export class Aggregate implements Operator {
  readonly scope: StepScope;
  readonly #table: MemoryTable;
  readonly #args: readonly (Evaluate | undefined)[];
  readonly #values: unknown[];
  readonly #lateTopic: string;

  /** `args`: an expression for each of the table's aggregates, in its order. */
  constructor(scope: StepScope, table: MemoryTable, args: readonly (Evaluate | undefined)[], lateTopic: string) {
    this.scope = scope;
    this.#table = table;
    this.#args = args;
    this.#values = args.map(() => true);
    this.#lateTopic = lateTopic;
  }

  run(rows: Rows): void {
    const table = this.#table;
    const args = this.#args;
    const values = this.#values;
    table.beginBatch();
    let kept = 0;
    for (let row = 0; row < rows.length; row++) {
      const key = rows.keys[row];
      let refused: number;
      try {
        for (let i = 0; i < args.length; i++) {
          const arg = args[i];
          if (arg !== undefined) values[i] = evaluate(arg, rows, row);
        }
        refused = table.apply(key, rows.timestampsMs[row] as number, rows.streamTimesMs[row] as number, values); // within length
      } catch (error) {
        this.scope.fail(rows, row, error);
        continue;
      }
      if (refused > 0 && this.#late(rows, row)) continue;
      if (kept !== row) rows.move(row, kept);
      kept++;
    }
    rows.length = kept;
  }

  /** Counts the row as late and sends it to the late topic. True when no window took it. */
  #late(rows: Rows, row: number): boolean {
    const refused = this.#table.lastRefused;
    this.scope.meter.late++;
    const origin = rows.origin(rows.origins[row] as number); // within length
    const timestampMs = rows.timestampsMs[row] as number; // within length
    this.scope.context.send({
      topic: this.#lateTopic,
      key: origin.key,
      value: origin.value,
      timestampMs: origin.timestampMs,
      headers: {
        ...origin.headers,
        ...lateHeaders(origin),
        'millrace-reason': `late: event time ${iso(timestampMs)}, watermark ${iso(this.#table.watermarkMs ?? timestampMs)}, window closed: ${refused.map(iso).join(', ')}`,
        'millrace-table': this.#table.table,
        'millrace-windows': JSON.stringify(refused),
      },
    });
    return this.#table.lastAccepted === 0;
  }
}

const lateHeaders = (origin: RowOrigin): Record<string, string> => ({
  'millrace-topic': origin.topic,
  'millrace-partition': String(origin.partition),
  'millrace-offset': String(origin.offset),
});

/** Dates reach ±8.64e15 ms; a time beyond is shown as the number it is. */
const iso = (timestampMs: number): string =>
  Math.abs(timestampMs) <= 8.64e15 ? new Date(timestampMs).toISOString() : String(timestampMs);
