import type { Dataflow } from '@millrace/dataflow';
import type { Clock } from '../clock.ts';
import type { EventDecoder } from '../codecs/event-decoder.ts';
import { Chain } from '../operators/chain.ts';
import type { Operator, StepScope } from '../operators/operator.ts';
import { Rows } from '../operators/rows.ts';
import type { ConsumedRecord, ProducedRecord, RecordBatch } from '../transport/record.ts';
import { detachedContext } from './detached-context.ts';
import { Operators } from './operators.ts';
import { planOf } from './subtopology-plan.ts';
import type { TaskContext } from './topology.ts';

/** A record as it comes to a table. */
export interface Arrival {
  readonly key: unknown;
  /** Its event time. */
  readonly timeMs: number;
}

type SingleRecord = Omit<ConsumedRecord, 'delta'>;

/**
 * Follows single records of an app's topics to one of its tables, through the operators and codecs that run them, its repartitions included. Nothing is folded
 * or written; what fails or is filtered out on the way does not arrive. Tables on the way end it: what is behind them are their changes.
 */
export class RecordTrace {
  readonly #decoders = new Map<string, EventDecoder>();
  readonly #chains = new Map<string, Chain[]>();
  readonly #context: TaskContext;
  readonly #arrived: Arrival[] = [];
  /** Sent between the stages. */
  #sent: ProducedRecord[] = [];

  constructor(dataflow: Dataflow, table: string, clock: Clock) {
    const context: TaskContext = {
      ...detachedContext(clock),
      send: (record) => {
        if (this.#decoders.has(record.topic)) this.#sent.push(record);
      },
    };
    this.#context = context;
    for (const part of dataflow.subtopologies) {
      const plan = planOf(dataflow, part);
      for (const [topic, decoder] of plan.decoders) this.#decoders.set(topic, decoder);
      const operators = new Operators(plan, context, (scope, into) => this.#arrival(scope, into === table));
      for (const stage of plan.stages) {
        if (stage.input.kind !== 'topics') continue;
        const chain = new Chain(new Rows(), operators.of(stage), clock);
        for (const topic of stage.input.topics) this.#chains.set(topic, [...(this.#chains.get(topic) ?? []), chain]);
      }
    }
  }

  /** Where a record of a source topic arrives: nowhere, or several times where several agents bring it. */
  follow(topic: string, record: SingleRecord): readonly Arrival[] {
    this.#arrived.length = 0;
    this.#read(topic, record);
    while (this.#sent.length > 0) {
      const sent = this.#sent;
      this.#sent = [];
      for (const record of sent) this.#read(record.topic, record);
    }
    return [...this.#arrived];
  }

  #read(topic: string, record: SingleRecord): void {
    const events = this.#decoders.get(topic)?.decode(batchOf(topic, record), this.#context);
    if (events === undefined || events.length === 0) return;
    events.streamTimesMs = events.timestampsMs;
    for (const chain of this.#chains.get(topic) ?? []) {
      chain.rows.load(events, 0, events.length);
      chain.run();
    }
  }

  #arrival(scope: StepScope, wanted: boolean): Operator {
    return {
      scope,
      run: (rows) => {
        for (let row = 0; wanted && row < rows.length; row++)
          this.#arrived.push({ key: rows.keys[row], timeMs: rows.timestampsMs[row] as number }); // within length
      },
    };
  }
}

const batchOf = (topic: string, { timestampMs, key, value, headers }: SingleRecord): RecordBatch => ({
  topic,
  partition: 0,
  baseOffset: 0n,
  records: [{ delta: 0, timestampMs, key, value, ...(headers && { headers }) }],
  nextOffset: 1n,
  highWatermark: 1n,
  sizeBytes: 0,
});
