import type { PartitionReader, ReadRange } from '../partition-reader.ts';
import type { RecordBatch, TopicPartition } from '../record.ts';
import type { MemoryBroker } from './memory-broker.ts';
import { Signal } from './signal.ts';

const batchRecords = 500;
const batchBytes = 1024 * 1024;

export class MemoryReader implements PartitionReader {
  readonly #broker: MemoryBroker;
  readonly #closing = new AbortController();

  constructor(broker: MemoryBroker) {
    this.#broker = broker;
  }

  async *read(ranges: readonly ReadRange[], signal?: AbortSignal): AsyncIterable<RecordBatch> {
    this.#broker.faults.reach();
    const open = ranges.map((range) => {
      const log = this.#broker.log(range.topic, range.partition);
      const latest = log.latest;
      return { log, at: range.from, to: range.to !== undefined && range.to < latest ? range.to : latest };
    });
    while (open.length > 0) {
      for (const range of [...open]) {
        await turn();
        if (signal?.aborted || this.#closing.signal.aborted) return;
        this.#broker.faults.reach();
        const batch = range.log.read(range.at, range.to, batchRecords, batchBytes);
        if (batch) {
          range.at = batch.nextOffset;
          yield batch;
        }
        if (!batch || range.at >= range.to) open.splice(open.indexOf(range), 1);
      }
    }
  }

  async *tail(
    partitions: readonly (TopicPartition & { readonly from: bigint })[],
    signal: AbortSignal,
  ): AsyncIterable<RecordBatch> {
    const changed = new Signal();
    const unlisten = this.#broker.listen(() => changed.notify());
    const wake = () => changed.notify();
    signal.addEventListener('abort', wake);
    this.#closing.signal.addEventListener('abort', wake);
    try {
      const open = partitions.map((p) => ({ log: this.#broker.log(p.topic, p.partition), at: p.from }));
      const ended = () => signal.aborted || this.#closing.signal.aborted;
      while (!ended()) {
        let found = false;
        for (const partition of open) {
          const batch = partition.log.read(partition.at, partition.log.latest, batchRecords, batchBytes);
          if (!batch) continue;
          found = true;
          partition.at = batch.nextOffset;
          yield batch;
          if (ended()) return;
        }
        if (!found) await changed.wait();
      }
    } finally {
      unlisten();
      signal.removeEventListener('abort', wake);
      this.#closing.signal.removeEventListener('abort', wake);
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
  }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
