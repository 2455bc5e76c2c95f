import { type Evaluate, isoTime } from '@millrace/spec';
import { assert } from '../assert.ts';
import type { MemoryTable } from '../tables/memory-table.ts';
import { textHeaders } from '../transport/record-headers.ts';
import { evaluate, type Operator, type StepScope } from './operator.ts';
import type { Rows } from './rows.ts';

/** Folds each row into its key's entries of a table, one for every window that holds it. */
export class Aggregate implements Operator {
  readonly scope: StepScope;
  readonly #table: MemoryTable;
  readonly #args: readonly (Evaluate | undefined)[];
  readonly #values: unknown[];
  readonly #lateTopic: string | null;

  /** `args`: an expression for each of the table's aggregates, in its order. */
  constructor(scope: StepScope, table: MemoryTable, args: readonly (Evaluate | undefined)[], lateTopic: string | null) {
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
    const topic = this.#lateTopic;
    assert(topic !== null, 'what has no windows is never late');
    const refused = this.#table.lastRefused;
    this.scope.meter.late++;
    const origin = rows.origin(rows.origins[row] as number); // within length
    const timestampMs = rows.timestampsMs[row] as number; // within length
    this.scope.context.send({
      topic,
      making: this.scope.making(origin),
      key: origin.key,
      value: origin.value,
      // Not the event's: a topic that keeps records for a time would let go of an old one as it comes.
      timestampMs: this.scope.context.clock.now(),
      headers: [
        ...(origin.headers ?? []),
        ...textHeaders([
          ['millrace-topic', origin.topic],
          ['millrace-partition', String(origin.partition)],
          ['millrace-offset', String(origin.offset)],
          ['millrace-timestamp', String(origin.timestampMs)],
          [
            'millrace-reason',
            `late: event time ${isoTime(timestampMs)}, watermark ${isoTime(this.#table.watermarkMs ?? timestampMs)}, window closed: ${refused.map(isoTime).join(', ')}`,
          ],
          ['millrace-table', this.#table.table],
          ['millrace-windows', JSON.stringify(refused)],
        ]),
      ],
    });
    return this.#table.lastAccepted === 0;
  }
}
