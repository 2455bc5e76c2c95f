import type { ProducedRecord } from '../record.ts';
import type { RecordProducer, RecordProducerOptions } from '../record-producer.ts';
import { TransportError } from '../transport-error.ts';
import type { MemoryBroker } from './memory-broker.ts';

const sizeOf = (record: ProducedRecord) => (record.key?.length ?? 0) + (record.value?.length ?? 0) + 64;

export class MemoryProducer implements RecordProducer {
  readonly #broker: MemoryBroker;
  readonly #maxBufferedBytes: number;
  readonly #tooLarge: RecordProducerOptions['tooLarge'];
  readonly #unlisten: () => void;
  #queue: ProducedRecord[] = [];
  #bufferedBytes = 0;
  #failure: unknown = null;
  #pumping = false;
  #closed = false;
  #waiting: { readonly until: () => boolean; readonly done: () => void }[] = [];

  constructor(broker: MemoryBroker, options: RecordProducerOptions) {
    this.#broker = broker;
    this.#maxBufferedBytes = options.maxBufferedBytes ?? 16 * 1024 * 1024;
    this.#tooLarge = options.tooLarge;
    this.#unlisten = broker.listen(() => this.#pump());
  }

  get full(): boolean {
    return this.#bufferedBytes > this.#maxBufferedBytes;
  }

  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  send(records: readonly ProducedRecord[]): void {
    if (this.#closed) throw new TransportError('closed', 'memory: the producer is closed', { retriable: false });
    for (const record of records) {
      this.#queue.push(record);
      this.#bufferedBytes += sizeOf(record);
    }
    this.#pump();
  }

  drained(): Promise<void> {
    return this.#until(() => !this.full);
  }

  async flush(): Promise<void> {
    await this.#until(() => this.#queue.length === 0);
    const failure = this.#failure;
    this.#failure = null;
    if (failure) throw failure;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#broker.faults.holdProduce) this.drop();
    await this.#until(() => this.#queue.length === 0);
    this.#unlisten();
  }

  /** Ends it as a crash would: what waits is gone. */
  drop(): void {
    this.#closed = true;
    this.#queue = [];
    this.#bufferedBytes = 0;
    this.#unlisten();
    this.#wakeWaiting();
  }

  #until(until: () => boolean): Promise<void> {
    if (until()) return Promise.resolve();
    return new Promise((done) => this.#waiting.push({ until, done }));
  }

  /** Writes in the background, a turn of the event loop later, as a network would. */
  #pump(): void {
    if (this.#pumping || this.#queue.length === 0) return;
    this.#pumping = true;
    setImmediate(() => {
      this.#pumping = false;
      if (this.#broker.faults.holdProduce || this.#queue.length === 0) return;
      const batch = this.#queue;
      this.#queue = [];
      this.#bufferedBytes = 0;
      try {
        if (this.#failure) return this.#wakeWaiting();
        this.#broker.faults.produce();
        for (const record of batch) {
          const tooLarge = this.#broker.faults.tooLarge(record, this.#broker.topics.get(record.topic)?.spec.configs);
          if (tooLarge !== null && this.#tooLarge !== undefined) {
            this.#tooLarge(record, tooLarge);
            continue;
          }
          const refused = tooLarge ?? this.#broker.faults.produceTo(record.topic);
          if (refused) this.#failure ??= refused;
          else this.#broker.append(record);
        }
      } catch (error) {
        this.#failure ??= error;
      }
      this.#wakeWaiting();
      this.#broker.wake();
    });
  }

  #wakeWaiting(): void {
    const ready = this.#waiting.filter((waiting) => waiting.until());
    this.#waiting = this.#waiting.filter((waiting) => !ready.includes(waiting));
    for (const { done } of ready) done();
  }
}
