import { durationWords, type Evaluate } from '@millrace/spec';
import type { Codec } from '../codecs/codec.ts';
import { isLarge } from '../producer/making.ts';
import { OriginWriter, originHeader, originIn } from '../repartition/origin.ts';
import { Tally } from '../sensors/tally.ts';
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
  readonly #older = new Tally();

  constructor(scope: StepScope, outlet: Outlet) {
    this.scope = scope;
    this.#outlet = outlet;
  }

  run(rows: Rows): void {
    const { topic, key: keyCodec, value: valueCodec, keyOf, forward } = this.#outlet;
    const { context } = this.scope;
    const origins = this.#origins(rows);
    const keptFromMs = context.clock.now() - context.keptMs(topic);
    let older = 0;
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
      if (timestampMs < keptFromMs) older++;
      let headers = rows.headers?.[row];
      if (origins !== undefined) {
        const origin = origins.origin(rows.delta(row), originIn(rows.sourceHeaders(row)));
        headers = headers === undefined ? [[originHeader, origin]] : [...headers, [originHeader, origin]];
      }
      if (isLarge(key, value, headers !== undefined)) {
        const making = this.scope.making(rows.origin(rows.origins[row] as number)); // within length
        context.send({ topic, key, value, timestampMs, making, ...(headers === undefined ? undefined : { headers }) });
      } else context.send({ topic, key, value, timestampMs });
      if (kept !== row) rows.move(row, kept);
      kept++;
    }
    rows.length = kept;
    if (older > 0 && this.#older.add(older)) this.#noticeOlder(this.#older.count);
  }

  /** What is older than its topic keeps is written all the same, and gone with the next look of the broker. */
  #noticeOlder(count: number): void {
    const { context, agent, step } = this.scope;
    const { topic } = this.#outlet;
    const kept = durationWords(context.keptMs(topic));
    context.noticed(
      `${agent}/${step}: ${count} ${count === 1 ? 'record' : 'records'} sent to ${topic} ${count === 1 ? 'is' : 'are'} older than it keeps (${kept}): Kafka deletes ${count === 1 ? 'it' : 'them'} as it comes to look. Give the topic a longer retention, or forever`,
      { topic, agent },
      `kept by ${topic} of ${agent}/${step}`,
    );
  }

  /** Undefined where records are not repartitioned, or come from a table's changes. */
  #origins({ source }: Rows): OriginWriter | undefined {
    const index = source === undefined ? -1 : (this.#outlet.sources?.indexOf(source.topic) ?? -1);
    if (source === undefined || index < 0) return undefined;
    const { context } = this.scope;
    return new OriginWriter(source, index, { pass: context.pass(source.topic), log: context.log(source.topic) });
  }
}
