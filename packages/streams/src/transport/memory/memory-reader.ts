import type { PartitionReader, ReadRange, TailStart } from '../partition-reader.ts';
import type { RecordBatch } from '../record.ts';
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
    const open = ranges.map(({ topic, partition, from, to, uncommitted = false }) => {
      const log = this.#broker.log(topic, partition);
      const end = log.end(uncommitted);
      const at = from < log.earliest ? log.earliest : from;
      return { log, at, to: to !== undefined && to < end ? to : end, uncommitted };
    });
    while (open.length > 0) {
      for (const range of [...open]) {
        await turn();
        if (signal?.aborted || this.#closing.signal.aborted) return;
        this.#broker.faults.reach();
        const batch = range.log.read(range.at, range.to, batchRecords, batchBytes, range.uncommitted);
        if (batch) range.at = batch.nextOffset;
        if (batch && hasSomething(batch)) yield batch;
        if (!batch || range.at >= range.to) open.splice(open.indexOf(range), 1);
      }
    }
  }

  async *tail(partitions: readonly TailStart[], signal: AbortSignal): AsyncIterable<RecordBatch> {
    const changed = new Signal();
    const unlisten = this.#broker.listen(() => changed.notify());
    const wake = () => changed.notify();
    signal.addEventListener('abort', wake);
    this.#closing.signal.addEventListener('abort', wake);
    try {
      const open = partitions.map(({ topic, partition, from, topicId, uncommitted = false }) => ({
        topic,
        topicId,
        log: this.#broker.log(topic, partition),
        at: from,
        uncommitted,
      }));
      const ended = () => signal.aborted || this.#closing.signal.aborted;
      while (!ended()) {
        let found = false;
        for (const partition of open) {
          const { topic, topicId, log, at, uncommitted } = partition;
          if (topicId !== undefined) this.#broker.checkIs(topic, topicId);
          const batch = log.read(at, log.end(uncommitted), batchRecords, batchBytes, uncommitted);
          if (!batch) continue;
          found = true;
          partition.at = batch.nextOffset;
          if (hasSomething(batch)) yield batch;
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

/** Else it was a gap. */
const hasSomething = ({ records, unreadable }: RecordBatch): boolean => records.length > 0 || unreadable !== undefined;

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
