import type { Evaluate } from '@millrace/spec';
import type { Codec } from '../codecs/codec.ts';
import { OriginWriter, originHeader } from '../repartition/origin.ts';
import { evaluate, type Operator, type StepScope } from './operator.ts';
import type { Rows } from './rows.ts';

/** Where rows go and how they are written. */
export interface Outlet {
  readonly topic: string;
  readonly key: Codec;
  readonly value: Codec;
  /** Absent: the row's own key. */
  readonly keyOf?: Evaluate;
  /** The bytes that the row was read from go on as they are: nothing has changed its value since. */
  readonly forward: boolean;
  /** A repartition: the topics it may read, whose records the written ones name as their origin. */
  readonly sources?: readonly string[];
}

/** Writes each row to a topic, with its event time and headers, and lets it go on. After a new key is computed the row keeps its old one. */
export class Send implements Operator {
  readonly scope: StepScope;
  readonly #outlet: Outlet;

  constructor(scope: StepScope, outlet: Outlet) {
    this.scope = scope;
    this.#outlet = outlet;
  }

  run(rows: Rows): void {
    const { topic, key: keyCodec, value: valueCodec, keyOf, forward } = this.#outlet;
    const { context } = this.scope;
    const origins = this.#origins(rows);
    let kept = 0;
    for (let row = 0; row < rows.length; row++) {
      let key: Buffer | null;
      let value: Buffer | null;
      try {
        key = keyCodec.encode(keyOf === undefined ? rows.keys[row] : evaluate(keyOf, rows, row));
        value = forward ? rows.sourceValue(row) : valueCodec.encode(rows.values[row]);
      } catch (error) {
        this.scope.fail(rows, row, error);
        continue;
      }
      const timestampMs = rows.timestampsMs[row] as number; // within length
      let headers = rows.headers?.[row];
      if (origins !== undefined) {
        const origin = origins.origin(rows.delta(row));
        headers = headers === undefined ? { [originHeader]: origin } : { ...headers, [originHeader]: origin };
      }
      context.send(
        headers === undefined ? { topic, key, value, timestampMs } : { topic, key, value, timestampMs, headers },
      );
      if (kept !== row) rows.move(row, kept);
      kept++;
    }
    rows.length = kept;
  }

  /** Undefined where records are not repartitioned, or come from a table's changes. */
  #origins({ source }: Rows): OriginWriter | undefined {
    const index = source === undefined ? -1 : (this.#outlet.sources?.indexOf(source.topic) ?? -1);
    if (source === undefined || index < 0) return undefined;
    return new OriginWriter(source, index, this.scope.context.pass(source.topic));
  }
}
