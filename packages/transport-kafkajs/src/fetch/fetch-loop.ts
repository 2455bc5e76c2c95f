import { partitionId, type RecordBatch, type TopicPartition, type TransportError } from '@millrace/streams';
import { BackOff, pause } from '../network/back-off.ts';
import type { Cluster } from '../network/cluster.ts';
import { asTransportError, kafkaCode, refusal } from '../network/kafka-failure.ts';
import { earliest, latest, listOffsets } from '../network/list-offsets.ts';
import { decodeRecordSet } from '../records/record-batch-decoder.ts';
import { type FetchLimits, fetchRecords } from './fetch-request.ts';
import type { FetchedPartition } from './fetch-response.ts';

export interface FetchLoopOptions extends FetchLimits {
  /** Where a position beyond the end goes; one below the start goes to the start. */
  readonly resetTo: 'earliest' | 'latest';
}

export interface FetchListener {
  batch(batch: RecordBatch): void;
  outOfRange(partition: TopicPartition, position: bigint, resetTo: bigint): void;
  /** `source` names what failed: it recovers by the same name. */
  failed(source: string, error: TransportError): void;
  recovered(source: string): void;
  /** Nothing can be read any more. */
  died(error: TransportError): void;
}

interface FetchState extends TopicPartition {
  position: bigint;
  paused: boolean;
  /** Rises with each seek: an answer to an older question is dropped. */
  version: number;
  /** Not fetched before this time, ms of `Date.now`. */
  retryAtMs: number;
}

/** After a partition's error, ms. */
const retryMs = 200;

/**
 * Reads assigned partitions: one loop a leader, each with one Fetch in flight, so that a slow broker holds up no other.
 * It keeps nothing: a batch is handed over as soon as it is decoded, and its partition is fetched again unless paused.
 */
export class FetchLoop {
  readonly #cluster: Cluster;
  readonly #options: FetchLoopOptions;
  readonly #listener: FetchListener;
  readonly #partitions = new Map<string, FetchState>();
  readonly #loops = new Map<number, Promise<void>>();
  readonly #stopping = new AbortController();
  #wakers: (() => void)[] = [];
  #routing: Promise<void> | null = null;
  #released = false;

  constructor(cluster: Cluster, options: FetchLoopOptions, listener: FetchListener) {
    this.#cluster = cluster;
    this.#options = options;
    this.#listener = listener;
  }

  /** Replaces everything that is read, from `release` on: `seek` and `pause` may come before. */
  assign(partitions: readonly (TopicPartition & { readonly position: bigint })[]): void {
    this.clear();
    for (const { topic, partition, position } of partitions) {
      const state = { topic, partition, position, paused: false, version: 0, retryAtMs: 0 };
      this.#partitions.set(partitionId(topic, partition), state);
    }
  }

  release(): void {
    this.#released = true;
    this.#route();
  }

  /** From now on nothing is delivered, not even what is in flight. */
  clear(): void {
    this.#released = false;
    this.#partitions.clear();
  }

  pause(id: string): void {
    const state = this.#partitions.get(id);
    if (state !== undefined) state.paused = true;
  }

  resume(id: string): void {
    const state = this.#partitions.get(id);
    if (state === undefined) return;
    state.paused = false;
    this.#wake();
  }

  seek(id: string, position: bigint): void {
    const state = this.#partitions.get(id);
    if (state === undefined) return;
    state.position = position;
    state.version++;
    this.#wake();
  }

  /** Ends the loops; the cluster is to be closed before or meanwhile, for the fetch in flight to end. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.clear();
    this.#wake();
    await Promise.all([...this.#loops.values(), this.#routing]);
  }

  /** Learns the leaders of what is assigned and starts a loop for each that has none. */
  #route(): void {
    this.#routing ??= this.#routeUntilKnown().finally(() => {
      this.#routing = null;
    });
  }

  async #routeUntilKnown(): Promise<void> {
    const backOff = new BackOff();
    while (!this.#stopping.signal.aborted) {
      try {
        let missing = false;
        for (const topic of new Set([...this.#partitions.values()].map(({ topic }) => topic))) {
          const leaders = await this.#cluster.leaders(topic);
          for (const leader of leaders.values()) {
            if (leader < 0) missing = true;
            else if (!this.#loops.has(leader)) this.#loops.set(leader, this.#run(leader));
          }
          if (missing) this.#cluster.forget([topic]);
        }
        this.#wake();
        if (!missing) return this.#listener.recovered('metadata');
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        this.#listener.failed('metadata', asTransportError(error, 'Kafka'));
      }
      await backOff.wait(this.#stopping.signal);
    }
  }

  async #run(leader: number): Promise<void> {
    const backOff = new BackOff();
    const source = `broker ${leader}`;
    let turn = 0;
    while (!this.#stopping.signal.aborted) {
      const due = this.#due(leader);
      if (due === null || due.length === 0) {
        // A broker that leads nothing of ours any more is nobody's trouble.
        if (due !== null) this.#listener.recovered(source);
        await this.#idle();
        continue;
      }
      // The response is filled in the order of the request: each partition gets its turn to be first.
      turn = (turn + 1) % due.length;
      const asked = [...due.slice(turn), ...due.slice(0, turn)];
      const versions = new Map(asked.map((state) => [state, state.version]));
      try {
        const fetched = await fetchRecords(this.#cluster.node(leader), asked, this.#options);
        this.#listener.recovered(source);
        backOff.reset();
        for (const answer of fetched) {
          const state = this.#partitions.get(partitionId(answer.topic, answer.partition));
          // Assigned anew or moved by a seek meanwhile: not what is wanted now.
          if (state === undefined || versions.get(state) !== state.version) continue;
          await this.#take(state, answer);
        }
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        const failure = asTransportError(error, source);
        this.#listener.failed(source, failure);
        if (!failure.retriable) return this.#listener.died(failure);
        this.#cluster.forget(due.map(({ topic }) => topic));
        await backOff.wait(this.#stopping.signal);
        this.#route();
      }
    }
  }

  /** What is to be fetched from a leader now; null while some leaders are not known. */
  #due(leader: number): FetchState[] | null {
    const nowMs = Date.now();
    const due: FetchState[] = [];
    if (!this.#released) return due;
    let unknown = false;
    for (const state of this.#partitions.values()) {
      const leaders = this.#cluster.knownLeaders(state.topic);
      if (leaders === null) unknown = true;
      else if (leaders.get(state.partition) === leader && !state.paused && state.retryAtMs <= nowMs) due.push(state);
    }
    if (unknown) this.#route();
    return unknown && due.length === 0 ? null : due;
  }

  async #take(state: FetchState, answer: FetchedPartition): Promise<void> {
    const about = partitionId(state.topic, state.partition);
    switch (answer.errorCode) {
      case kafkaCode.none: {
        if (answer.bytes.length === 0) return this.#listener.recovered(about);
        const batch = this.#decode(state, answer);
        if (batch === null) return;
        state.position = batch.nextOffset;
        this.#listener.recovered(about);
        this.#listener.batch(batch);
        return;
      }
      case kafkaCode.offsetOutOfRange:
        return this.#reset(state);
      default: {
        const failure = refusal(answer.errorCode, about);
        this.#later(state);
        if (failure.code === 'not-authorized') this.#listener.died(failure);
        else if (answer.errorCode === kafkaCode.notLeader) this.#cluster.forget([state.topic]);
        else {
          this.#cluster.forget([state.topic]);
          this.#listener.failed(about, failure);
        }
      }
    }
  }

  #decode(state: FetchState, answer: FetchedPartition): RecordBatch | null {
    try {
      return decodeRecordSet(answer, state.position);
    } catch (error) {
      const about = partitionId(state.topic, state.partition);
      const failure = asTransportError(error, about);
      this.#later(state);
      this.#listener.failed(about, failure);
      if (!failure.retriable) this.#listener.died(failure);
      return null;
    }
  }

  async #reset(state: FetchState): Promise<void> {
    const id = partitionId(state.topic, state.partition);
    const { version, position } = state;
    const [first, end] = await Promise.all([
      listOffsets(this.#cluster, [state], earliest, this.#stopping.signal),
      listOffsets(this.#cluster, [state], latest, this.#stopping.signal),
    ]);
    if (state.version !== version || this.#partitions.get(id) !== state) return;
    const start = first.get(id) ?? 0n;
    const target = position < start || this.#options.resetTo === 'earliest' ? start : (end.get(id) ?? start);
    state.position = target;
    this.#listener.outOfRange({ topic: state.topic, partition: state.partition }, position, target);
  }

  #later(state: FetchState): void {
    state.retryAtMs = Date.now() + retryMs;
    void pause(retryMs, this.#stopping.signal).then(() => this.#wake());
  }

  #idle(): Promise<void> {
    return new Promise((resolve) => this.#wakers.push(resolve));
  }

  #wake(): void {
    const wakers = this.#wakers;
    this.#wakers = [];
    for (const wake of wakers) wake();
  }
}

/** Fetches wait this long for a record, ms: also the longest that a resumed partition waits for others' long poll. */
export const defaultMaxWaitMs = 250;
export const defaultMaxBytesPerPartition = 1024 * 1024;
export const defaultMaxBytes = 8 * 1024 * 1024;
