import type { ProducedRecord } from '../record.ts';
import type { MemoryBroker } from './memory-broker.ts';
import type { MemoryLog } from './memory-log.ts';

/** A transaction of a producer: its records count once it is committed. Its end takes an offset in every log that it wrote to, as a marker does. */
export class MemoryTransaction {
  readonly #broker: MemoryBroker;
  readonly #logs = new Set<MemoryLog>();
  #state: 'open' | 'committed' | 'aborted' = 'open';

  constructor(broker: MemoryBroker) {
    this.#broker = broker;
  }

  get state(): 'open' | 'committed' | 'aborted' {
    return this.#state;
  }

  send(records: readonly ProducedRecord[]): void {
    for (const record of records) this.#logs.add(this.#broker.append(record, this));
    this.#broker.wake();
  }

  commit(): void {
    this.#end('committed');
  }

  abort(): void {
    this.#end('aborted');
  }

  #end(state: 'committed' | 'aborted'): void {
    this.#state = state;
    for (const log of this.#logs) log.skip(1n);
    this.#broker.wake();
  }
}
