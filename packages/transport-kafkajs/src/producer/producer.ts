import {
  type ProducedRecord,
  type RecordProducer,
  type RecordProducerOptions,
  TransportError,
} from '@millrace/streams';
import { pause } from '../network/back-off.ts';
import type { Cluster } from '../network/cluster.ts';
import { Deferred } from '../network/deferred.ts';
import { asTransportError, kafkaCode, refusal } from '../network/kafka-failure.ts';
import type { KafkaLog } from '../options.ts';
import type { PartitionQueue, PendingBatch } from './partition-queue.ts';
import { type ProduceItem, produce } from './produce-request.ts';
import { RecordAccumulator, type TopicQueues } from './record-accumulator.ts';

/** Without idempotence. */
const anonymous = { producerId: -1n, epoch: -1 };
const retryMs = 100;
/** How long a topic may be unknown to the brokers (it was just created) before its records are given up, ms. */
const unknownTopicMs = 15_000;
/** How long `close` waits for what is not yet acknowledged, ms. */
const closeTimeoutMs = 10_000;
const maxRequestBytes = 4 * 1024 * 1024;
/** Beyond it a record is not sent at all: Kafka takes no request of 100 MiB (`socket.request.max.bytes`), and drops the connection without a word. */
const maxRecordBytes = 64 * 1024 * 1024;

/**
 * Writes records in order per partition: one Produce request in flight a broker, retried with the same sequence until it is acknowledged.
 * An unreachable Kafka is retried for as long as it takes; `full` tells the callers.
 */
export class KafkaJsProducer implements RecordProducer {
  readonly #cluster: Cluster;
  readonly #log: KafkaLog;
  readonly #idempotent: boolean;
  readonly #maxBufferedBytes: number;
  readonly #lingerMs: number;
  readonly #patienceMs: number | undefined;
  readonly #tooLarge: RecordProducerOptions['tooLarge'];
  readonly #accumulator = new RecordAccumulator((error) => this.#failed(error));
  readonly #busy = new Set<number>();
  readonly #aborted = new AbortController();
  readonly #givenUp = new Deferred<void>();
  #drained: (() => void)[] = [];
  #progress: (() => void)[] = [];
  #producer: { readonly producerId: bigint; readonly epoch: number } | null = null;
  #failure: TransportError | null = null;
  /** Why what waits is not written yet, as it was said last. */
  #obstacle = 'Kafka has not answered';
  #timer: NodeJS.Timeout | null = null;
  #dueMs = 0;
  #loading: Promise<void> | null = null;
  #closing: Promise<void> | null = null;

  constructor(cluster: Cluster, options: RecordProducerOptions, log: KafkaLog) {
    this.#cluster = cluster;
    this.#log = log;
    this.#idempotent = options.idempotent ?? true;
    this.#maxBufferedBytes = options.maxBufferedBytes ?? 32 * 1024 * 1024;
    this.#lingerMs = options.lingerMs ?? 5;
    this.#patienceMs = options.patienceMs;
    this.#tooLarge = options.tooLarge;
  }

  get bufferedBytes(): number {
    return this.#accumulator.bufferedBytes;
  }

  get full(): boolean {
    return this.bufferedBytes > this.#maxBufferedBytes;
  }

  send(records: readonly ProducedRecord[]): void {
    if (this.#closing !== null) throw new TransportError('closed', 'the producer is closed', { retriable: false });
    const nowMs = performance.now();
    for (const record of records) this.#accumulator.add(record, nowMs);
    if (this.#accumulator.takeFilled()) this.#pump();
    else this.#schedule(this.#lingerMs);
  }

  drained(): Promise<void> {
    if (!this.full || this.#aborted.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => this.#drained.push(resolve));
  }

  async flush(): Promise<void> {
    const settled = this.#everythingSettled();
    await (this.#patienceMs === undefined ? settled : this.#within(settled, this.#patienceMs));
    if (this.#aborted.signal.aborted)
      throw new TransportError('closed', 'the producer is closed', { retriable: false });
    const failure = this.#failure;
    this.#failure = null;
    if (failure !== null) throw failure;
  }

  /** Gives up once patience is at its end. */
  async #within(settled: Promise<void>, patienceMs: number): Promise<void> {
    const over = new AbortController();
    const late = pause(patienceMs, over.signal).then(() => !over.signal.aborted);
    try {
      if (!(await Promise.race([settled.then(() => false), late]))) return;
      await this.abort();
      const message = `not written within ${patienceMs / 1000} s: ${this.#obstacle}`;
      throw new TransportError('timeout', message, { retriable: true });
    } finally {
      over.abort();
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Gives up what is not acknowledged and drops the connections. */
  async abort(): Promise<void> {
    this.#closing ??= Promise.resolve();
    this.#aborted.abort();
    this.#givenUp.resolve();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#wake();
    await this.#cluster.close();
  }

  async #close(): Promise<void> {
    const flushed = this.flush();
    const late = new AbortController();
    const timedOut = pause(closeTimeoutMs, late.signal).then(() => {
      if (late.signal.aborted) return;
      const message = `closed with ${this.bufferedBytes} bytes not acknowledged`;
      throw new TransportError('timeout', message, { retriable: false });
    });
    try {
      await Promise.race([flushed, timedOut]);
    } finally {
      late.abort();
      await this.abort();
    }
  }

  async #everythingSettled(): Promise<void> {
    for (const topic of [...this.#accumulator.topics]) {
      while (topic.waiting.length > 0 && !this.#aborted.signal.aborted) {
        this.#schedule(0);
        await new Promise<void>((resolve) => this.#progress.push(resolve));
      }
    }
    const pending = this.#accumulator.closeBatches();
    if (pending.length === 0) return;
    this.#pump();
    await Promise.race([Promise.all(pending), this.#givenUp.promise]);
  }

  /** Sends what is ready, to every leader that is not busy; looks again when the next batch will be. */
  #pump(): void {
    if (this.#aborted.signal.aborted) return;
    if (this.#failure !== null) this.#loseRest();
    const nowMs = performance.now();
    const byLeader = new Map<number, { queue: PartitionQueue; batch: PendingBatch }[]>();
    let nextMs = Number.POSITIVE_INFINITY;
    let load = this.#producer === null;
    for (const topic of this.#accumulator.topics) {
      const leaders = this.#cluster.knownLeaders(topic.name);
      if (leaders === null) load ||= topic.waiting.length > 0;
      else if (this.#accumulator.adopt(topic, leaders.size, nowMs)) this.#wake();
      for (const queue of topic.partitions ?? []) {
        const head = queue.batches[0];
        if (head === undefined) continue;
        const batch = queue.ready(nowMs, this.#lingerMs);
        if (batch === null) {
          if (!queue.inFlight) nextMs = Math.min(nextMs, Math.max(queue.retryAtMs, head.createdMs + this.#lingerMs));
          continue;
        }
        const leader = leaders?.get(queue.partition) ?? -1;
        if (leader < 0) {
          load = true;
          continue;
        }
        const ready = byLeader.get(leader);
        if (ready === undefined) byLeader.set(leader, [{ queue, batch }]);
        else ready.push({ queue, batch });
      }
    }
    if (load && this.bufferedBytes > 0) this.#load();
    if (nextMs < Number.POSITIVE_INFINITY) this.#schedule(Math.max(1, nextMs - nowMs));
    if (this.#producer === null) return;
    for (const [leader, ready] of byLeader) {
      if (!this.#busy.has(leader)) void this.#deliver(leader, ready, this.#producer);
    }
  }

  /** Never rejects: every failure leads to a retry or to `#failed`. */
  async #deliver(
    leader: number,
    ready: readonly { queue: PartitionQueue; batch: PendingBatch }[],
    producer: { readonly producerId: bigint; readonly epoch: number },
  ): Promise<void> {
    this.#busy.add(leader);
    const sent = new Map<string, { queue: PartitionQueue; batch: PendingBatch }>();
    const items: ProduceItem[] = [];
    let size = 0;
    for (const entry of ready) {
      const { queue, batch } = entry;
      if (size > 0 && size + batch.sizeBytes > maxRequestBytes) continue;
      if (batch.sizeBytes > maxRecordBytes) {
        this.#answered(queue, batch, kafkaCode.messageTooLarge);
        continue;
      }
      const bytes = queue.encode(batch, producer);
      size += bytes.length;
      queue.inFlight = true;
      sent.set(`${queue.topic}/${queue.partition}`, entry);
      items.push({ topic: queue.topic, partition: queue.partition, bytes });
    }
    try {
      const answers = await produce(this.#cluster.node(leader), items);
      for (const { topic, partition, errorCode } of answers) {
        const entry = sent.get(`${topic}/${partition}`);
        if (entry === undefined) continue;
        sent.delete(`${topic}/${partition}`);
        entry.queue.inFlight = false;
        this.#answered(entry.queue, entry.batch, errorCode);
      }
      for (const { queue } of sent.values()) this.#retry(queue, new Error('not answered'));
    } catch (error) {
      const failure = asTransportError(error, `broker ${leader}`);
      for (const { queue, batch } of sent.values()) {
        if (failure.retriable || failure.code === 'closed') this.#retry(queue, failure);
        else {
          queue.inFlight = false;
          this.#giveUp(queue, batch, failure);
        }
      }
    }
    this.#busy.delete(leader);
    this.#pump();
  }

  #answered(queue: PartitionQueue, batch: PendingBatch, errorCode: number): void {
    const failure = refusal(errorCode, `${queue.topic}/${queue.partition}`);
    switch (errorCode) {
      case kafkaCode.none:
      case kafkaCode.duplicateSequence:
        this.#accumulator.settle(queue, batch);
        this.#freed();
        return;
      case kafkaCode.outOfOrderSequence:
      case kafkaCode.unknownProducerId:
      case kafkaCode.invalidProducerEpoch:
        // The broker has lost what it knew of this producer (its log was cut or expired): start anew, at least once.
        this.#producer = null;
        this.#retry(queue, failure);
        return;
      case kafkaCode.messageTooLarge:
      case kafkaCode.recordListTooLarge:
        if (!queue.split(batch, performance.now())) this.#lone(queue, batch, failure);
        return;
      case kafkaCode.unknownTopicOrPartition:
        if (performance.now() - batch.createdMs < unknownTopicMs) this.#retry(queue, failure);
        else this.#giveUp(queue, batch, failure);
        return;
      default:
        if (failure.retriable) this.#retry(queue, failure);
        else this.#giveUp(queue, batch, failure);
    }
  }

  #retry(queue: PartitionQueue, cause: Error): void {
    queue.inFlight = false;
    queue.retryAtMs = performance.now() + retryMs;
    this.#cluster.forget([queue.topic]);
    this.#obstacle = cause.message;
    if (!this.#aborted.signal.aborted) {
      this.#log('warn', 'writing is retried', {
        topic: queue.topic,
        partition: queue.partition,
        reason: cause.message,
      });
    }
  }

  #giveUp(queue: PartitionQueue, batch: PendingBatch, error: TransportError): void {
    queue.release(batch);
    this.#accumulator.settle(queue, batch);
    this.#failed(error);
    this.#freed();
  }

  /** A batch of one record that Kafka does not take for its size. */
  #lone(queue: PartitionQueue, batch: PendingBatch, refusal: TransportError): void {
    const [record] = batch.records;
    if (record === undefined || this.#tooLarge === undefined) {
      this.#giveUp(queue, batch, refusal);
      return;
    }
    this.#log('warn', 'a record is too large to be written', { topic: queue.topic, bytes: batch.sizeBytes });
    queue.release(batch);
    // Told first: whoever waits for the batch finds what takes its place already sent.
    this.#tooLarge(record, refusal);
    this.#accumulator.settle(queue, batch);
    this.#freed();
  }

  /** Nothing is written behind a gap: what follows a lost record is lost with it, until `flush` has told. */
  #loseRest(): void {
    for (const topic of [...this.#accumulator.topics]) {
      this.#accumulator.loseWaiting(topic);
      for (const queue of topic.partitions ?? []) {
        // Of a batch that was sent before, it is not known whether the broker has it: it keeps its sequence, and is retried.
        if (queue.batches[0]?.encoded) continue;
        for (const batch of [...queue.batches]) this.#accumulator.settle(queue, batch);
      }
    }
    this.#freed();
    this.#wake();
  }

  #failed(error: TransportError): void {
    this.#failure ??= error;
    this.#log('error', 'records could not be written', { reason: error.message });
  }

  #freed(): void {
    if (this.full) return;
    const drained = this.#drained;
    this.#drained = [];
    for (const resolve of drained) resolve();
  }

  #wake(): void {
    const waiting = [...this.#progress, ...(this.#aborted.signal.aborted ? this.#drained : [])];
    this.#progress = [];
    for (const resolve of waiting) resolve();
  }

  #load(): void {
    this.#loading ??= this.#loadOnce().finally(() => {
      this.#loading = null;
    });
  }

  /** Asks for the producer id and for the leaders that are missing. Never rejects: it comes again. */
  async #loadOnce(): Promise<void> {
    let retryIn = 0;
    try {
      if (this.#producer === null) await this.#identify();
      for (const topic of [...this.#accumulator.topics]) {
        const idle = topic.waiting.length === 0 && !topic.partitions?.some(({ batches }) => batches.length > 0);
        if (!idle) retryIn = Math.max(retryIn, await this.#loadTopic(topic));
      }
    } catch (error) {
      const failure = asTransportError(error, 'Kafka');
      retryIn = retryMs * 5;
      this.#obstacle = failure.message;
      if (!failure.retriable && !this.#aborted.signal.aborted) this.#loseAll(failure);
      else if (!this.#aborted.signal.aborted) this.#log('warn', 'writing is retried', { reason: failure.message });
    }
    this.#schedule(retryIn);
  }

  async #identify(): Promise<void> {
    if (!this.#idempotent) {
      this.#producer = anonymous;
      return;
    }
    const answer = await this.#cluster.any((link) =>
      link.send<{ readonly errorCode: number; readonly producerId: string; readonly producerEpoch: number }>(
        'InitProducerId',
        { transactionalId: null, transactionTimeout: 60_000 },
      ),
    );
    if (answer.errorCode !== kafkaCode.none) throw refusal(answer.errorCode, 'a producer id');
    this.#accumulator.restart();
    this.#producer = { producerId: BigInt(answer.producerId), epoch: answer.producerEpoch };
  }

  /** Returns after how long to ask again, ms; 0 when the leaders are known. */
  async #loadTopic(topic: TopicQueues): Promise<number> {
    try {
      const leaders = await this.#cluster.leaders(topic.name);
      if ([...leaders.values()].every((leader) => leader >= 0)) return 0;
      this.#cluster.forget([topic.name]);
      return retryMs;
    } catch (error) {
      if (!(error instanceof TransportError) || error.code !== 'unknown-topic') throw error;
      const patienceEndedMs = performance.now() - unknownTopicMs;
      if (topic.partitions === null && topic.sinceMs < patienceEndedMs) {
        this.#accumulator.loseWaiting(topic);
        this.#failed(error);
        this.#freed();
        this.#wake();
      }
      for (const queue of topic.partitions ?? []) {
        const old = queue.inFlight ? [] : queue.batches.filter(({ createdMs }) => createdMs < patienceEndedMs);
        for (const batch of old) this.#giveUp(queue, batch, error);
      }
      return retryMs;
    }
  }

  /** Refused for good, as by missing rights: everything that waits is given up. */
  #loseAll(error: TransportError): void {
    for (const topic of [...this.#accumulator.topics]) {
      this.#accumulator.loseWaiting(topic);
      for (const queue of topic.partitions ?? []) {
        for (const batch of [...queue.batches]) if (!queue.inFlight) this.#giveUp(queue, batch, error);
      }
    }
    this.#failed(error);
    this.#freed();
    this.#wake();
  }

  #schedule(delayMs: number): void {
    if (this.#aborted.signal.aborted) return;
    const dueMs = performance.now() + delayMs;
    if (this.#timer !== null) {
      if (this.#dueMs <= dueMs) return;
      clearTimeout(this.#timer);
    }
    this.#dueMs = dueMs;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#pump();
    }, delayMs);
  }
}
