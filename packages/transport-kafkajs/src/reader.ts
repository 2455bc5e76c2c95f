import {
  keepUnreadable,
  type PartitionReader,
  partitionId,
  type ReadRange,
  type RecordBatch,
  type TailStart,
  type TopicPartition,
  TransportError,
} from '@millrace/streams';
import {
  defaultMaxBytes,
  defaultMaxBytesPerPartition,
  defaultMaxWaitMs,
  type FetchListener,
  FetchLoop,
} from './fetch/fetch-loop.ts';
import type { Cluster } from './network/cluster.ts';
import { latest, listOffsets } from './network/list-offsets.ts';

/** How long a read may be without an answer before it fails, ms. A tail waits for ever. */
const patienceMs = 15_000;

/** Reads partitions outside any group; each call has its own connections, so that a tail's long polls hold up nobody. */
export class KafkaJsReader implements PartitionReader {
  readonly #connect: () => Cluster;
  readonly #closing = new AbortController();
  readonly #calls = new Set<Call>();

  constructor(connect: () => Cluster) {
    this.#connect = connect;
  }

  async *read(ranges: readonly ReadRange[], signal?: AbortSignal): AsyncGenerator<RecordBatch> {
    const call = this.#open(signal, patienceMs);
    try {
      const ends = await listOffsets(call.cluster, ranges, latest, call.signal);
      const wanted = ranges.map(({ from, to, ...partition }) => {
        const end = ends.get(partitionId(partition.topic, partition.partition)) ?? 0n;
        return { ...partition, position: from, to: to === undefined || to > end ? end : to };
      });
      yield* call.run(wanted);
    } finally {
      await this.#end(call);
    }
  }

  async *tail(partitions: readonly TailStart[], signal: AbortSignal): AsyncGenerator<RecordBatch> {
    const call = this.#open(signal, Number.POSITIVE_INFINITY);
    try {
      yield* call.run(partitions.map(({ from, ...partition }) => ({ ...partition, position: from, to: null })));
    } finally {
      await this.#end(call);
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#calls].map((call) => this.#end(call)));
  }

  #open(signal: AbortSignal | undefined, patience: number): Call {
    if (this.#closing.signal.aborted) throw new TransportError('closed', 'the reader is closed', { retriable: false });
    const signals = signal === undefined ? [this.#closing.signal] : [this.#closing.signal, signal];
    const call = new Call(this.#connect(), AbortSignal.any(signals), patience);
    this.#calls.add(call);
    return call;
  }

  async #end(call: Call): Promise<void> {
    this.#calls.delete(call);
    await call.end();
  }
}

interface Wanted extends TopicPartition {
  readonly position: bigint;
  readonly uncommitted?: boolean;
  readonly topicId?: string;
  /** Null: without end. */
  readonly to: bigint | null;
}

/** One read or tail. A partition with a batch not yet taken is paused: that one waits, and what was fetched behind it. */
class Call implements FetchListener {
  readonly cluster: Cluster;
  readonly signal: AbortSignal;
  readonly #patienceMs: number;
  readonly #fetches: FetchLoop;
  readonly #queue: RecordBatch[] = [];
  readonly #ends = new Map<string, bigint | null>();
  #failure: TransportError | null = null;
  #overdue: NodeJS.Timeout | null = null;
  #wake: (() => void) | null = null;

  constructor(cluster: Cluster, signal: AbortSignal, patience: number) {
    this.cluster = cluster;
    this.signal = signal;
    this.#patienceMs = patience;
    this.#fetches = new FetchLoop(
      cluster,
      {
        resetTo: () => 'latest',
        maxWaitMs: defaultMaxWaitMs,
        maxBytesPerPartition: defaultMaxBytesPerPartition,
        maxBytes: defaultMaxBytes,
      },
      this,
    );
    signal.addEventListener('abort', this.#notify);
  }

  async *run(wanted: readonly Wanted[]): AsyncGenerator<RecordBatch> {
    const open = wanted.filter(({ position, to }) => to === null || position < to);
    for (const { topic, partition, to } of open) this.#ends.set(partitionId(topic, partition), to);
    this.#fetches.assign(open);
    this.#fetches.release();
    for (;;) {
      const batch = this.#queue.shift();
      if (this.signal.aborted) return;
      if (batch !== undefined) {
        const id = partitionId(batch.topic, batch.partition);
        // Fetched while the caller works on this one.
        if (this.#ends.has(id)) this.#fetches.resume(id);
        if (batch.records.length > 0 || batch.unreadable !== undefined) yield batch;
      } else if (this.#failure !== null) throw this.#failure;
      else if (this.#ends.size === 0) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  async end(): Promise<void> {
    this.signal.removeEventListener('abort', this.#notify);
    this.recovered();
    await Promise.all([this.cluster.close(), this.#fetches.stop()]);
  }

  batch(batch: RecordBatch): void {
    const id = partitionId(batch.topic, batch.partition);
    const to = this.#ends.get(id) ?? null;
    if (to !== null && batch.nextOffset >= to) {
      this.#ends.delete(id);
      this.#fetches.drop(id);
    } else this.#fetches.pause(id);
    this.#queue.push(to === null || batch.nextOffset <= to ? batch : cutAt(batch, to));
    this.#notify();
  }

  outOfRange({ topic, partition }: TopicPartition, _position: bigint, resetTo: bigint): void {
    const id = partitionId(topic, partition);
    const to = this.#ends.get(id) ?? null;
    // The range is gone: expired, or cut off.
    if (to !== null && resetTo >= to) {
      this.#ends.delete(id);
      this.#fetches.drop(id);
      this.#notify();
    }
  }

  failed(_source: string, error: TransportError): void {
    if (this.#patienceMs === Number.POSITIVE_INFINITY || this.#overdue !== null) return;
    this.#overdue = setTimeout(() => this.died(error), this.#patienceMs);
  }

  recovered(): void {
    if (this.#overdue !== null) clearTimeout(this.#overdue);
    this.#overdue = null;
  }

  replaced(topic: string): void {
    this.died(new TransportError('unknown-topic', `${topic} was deleted and made anew`, { retriable: true }));
  }

  died(error: TransportError): void {
    this.#failure ??= error;
    this.#notify();
  }

  readonly #notify = (): void => {
    this.#wake?.();
    this.#wake = null;
  };
}

function cutAt(batch: RecordBatch, to: bigint): RecordBatch {
  const end = Number(to - batch.baseOffset);
  const records = batch.records.filter(({ delta }) => delta < end);
  return keepUnreadable({ ...batch, records, nextOffset: to }, (range) => range.from < to);
}
