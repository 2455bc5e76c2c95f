import type { ProducedRecord } from '../transport/record.ts';
import type { RecordProducer } from '../transport/record-producer.ts';

/** What the tasks send, gathered over a slice and handed to the producer at once. Bounded by what one slice makes: it is emptied after each. */
export class Outbox {
  readonly #producer: RecordProducer;
  readonly #sent: (records: number) => void;
  #records: ProducedRecord[] = [];

  constructor(producer: RecordProducer, sent: (records: number) => void) {
    this.#producer = producer;
    this.#sent = sent;
  }

  readonly add = (record: ProducedRecord): void => {
    this.#records.push(record);
  };

  get empty(): boolean {
    return this.#records.length === 0;
  }

  /** Hands everything on; the number of records. */
  post(): number {
    const records = this.#records;
    if (records.length === 0) return 0;
    this.#records = [];
    this.#producer.send(records);
    this.#sent(records.length);
    return records.length;
  }
}
