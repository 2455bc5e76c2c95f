import { partitionId, type RecordBatch, type TopicPartition, TransportError } from '@millrace/streams';
import { BackOff, pause } from '../network/back-off.ts';
import type { Cluster } from '../network/cluster.ts';
import { asTransportError, kafkaCode, refusal } from '../network/kafka-failure.ts';
import { earliest, latest, listOffsets } from '../network/list-offsets.ts';
import { decodeRecordSet } from '../records/record-set.ts';
import { FetchLanes, type LaneHost } from './fetch-lane.ts';
import type { FetchLimits } from './fetch-request.ts';
import type { FetchedPartition } from './fetch-response.ts';
import { FetchState } from './fetch-state.ts';

export interface FetchLoopOptions extends FetchLimits {
  /** Where a position beyond the end goes; one below the start goes to the start. */
  readonly resetTo: (topic: string) => 'earliest' | 'latest';
}

export interface FetchListener {
  batch(batch: RecordBatch): void;
  outOfRange(partition: TopicPartition, position: bigint, resetTo: bigint): void;
  /** What was written from `from` to `to` waits for a transaction that has been open for long. */
  heldBack?(partition: TopicPartition, from: bigint, to: bigint): void;
  /** `source` names what failed: it recovers by the same name. */
  failed(source: string, error: TransportError): void;
  recovered(source: string): void;
  /** A topic was made anew: what was assigned of it, by its id, is not read any more. */
  replaced?(topic: string): void;
  /** Nothing can be read any more. */
  died(error: TransportError): void;
}

/** After a partition's error, ms. */
const retryMs = 200;
/** A batch that comes damaged is asked for again, so often. */
const damagedTimesAtMost = 2;

/**
 * Reads assigned partitions, each leader's in lanes of its own, so that a slow broker holds up no other.
 * A batch is handed over as soon as it is decoded. Of a paused partition nothing is handed over; one answer that it has more of waits for it.
 */
export class FetchLoop {
  readonly #cluster: Cluster;
  readonly #options: FetchLoopOptions;
  readonly #listener: FetchListener;
  readonly #partitions = new Map<string, FetchState>();
  /** By leader and isolation. */
  readonly #lanes = new Map<string, Promise<void>>();
  readonly #stopping = new AbortController();
  /** Topics that were told to be other logs than were assigned. */
  readonly #replaced = new Set<string>();
  #wakers: (() => void)[] = [];
  #routing: Promise<void> | null = null;
  #released = false;

  constructor(cluster: Cluster, options: FetchLoopOptions, listener: FetchListener) {
    this.#cluster = cluster;
    this.#options = options;
    this.#listener = listener;
  }

  /** Replaces everything that is read, from `release` on: `seek` and `pause` may come before. */
  assign(
    partitions: readonly (TopicPartition & {
      readonly position: bigint;
      readonly uncommitted?: boolean;
      readonly topicId?: string;
    })[],
  ): void {
    this.clear();
    for (const partition of partitions) {
      const { position, uncommitted = false, topicId = null } = partition;
      const state = new FetchState(partition, position, uncommitted, topicId);
      this.#partitions.set(partitionId(state.topic, state.partition), state);
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
    this.#replaced.clear();
  }

  pause(id: string): void {
    const state = this.#partitions.get(id);
    if (state !== undefined) state.paused = true;
  }

  resume(id: string): void {
    const state = this.#partitions.get(id);
    if (state === undefined) return;
    state.resume();
    // Not within the call: whoever resumes is not done yet.
    queueMicrotask(() => this.#handAhead(state));
    this.#wake();
  }

  /** Nothing more of it is wanted. */
  drop(id: string): void {
    this.#partitions.delete(id);
  }

  seek(id: string, position: bigint): void {
    this.#partitions.get(id)?.seek(position);
    this.#wake();
  }

  /** Ends the loops; the cluster is to be closed before or meanwhile, for the fetch in flight to end. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.clear();
    this.#wake();
    await Promise.all([...this.#lanes.values(), this.#routing]);
  }

  /** Learns the leaders of what is assigned and starts lanes for each that has none. */
  #route(): void {
    this.#routing ??= this.#routeUntilKnown().finally(() => {
      this.#routing = null;
      // What was forgotten meanwhile is looked for anew.
      this.#wake();
    });
  }

  async #routeUntilKnown(): Promise<void> {
    const backOff = new BackOff();
    while (!this.#stopping.signal.aborted) {
      try {
        let missing = false;
        const topics = new Map([...this.#partitions.values()].map(({ topic, uncommitted }) => [topic, uncommitted]));
        for (const [topic, uncommitted] of topics) {
          const leaders = await this.#cluster.leaders(topic);
          for (const leader of leaders.values()) {
            if (leader < 0) missing = true;
            else this.#startLanes(leader, uncommitted);
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

  #startLanes(leader: number, uncommitted: boolean): void {
    const name = `${leader} ${uncommitted}`;
    if (!this.#lanes.has(name)) this.#lanes.set(name, new FetchLanes(leader, uncommitted, this.#laneHost()).run());
  }

  #laneHost(): LaneHost {
    const listener = this.#listener;
    return {
      limits: this.#options,
      stopping: this.#stopping.signal,
      link: (leader) => this.#cluster.node(leader),
      fetchable: (leader, uncommitted) => this.#fetchable(leader, uncommitted),
      take: (state, answer) => this.#take(state, answer),
      idle: () => this.#idle(),
      wake: () => this.#wake(),
      failed: (source, error) => listener.failed(source, error),
      recovered: (source) => listener.recovered(source),
      died: (error) => listener.died(error),
      lost: (states) => this.#cluster.forget(states.map(({ topic }) => topic)),
    };
  }

  /** What may be fetched of a leader now; null while some leaders are not known. */
  #fetchable(leader: number, uncommitted: boolean): FetchState[] | null {
    const fetchable: FetchState[] = [];
    if (!this.#released) return fetchable;
    const nowMs = performance.now();
    let unknown = false;
    for (const state of this.#partitions.values()) {
      if (state.uncommitted !== uncommitted) continue;
      const leaders = this.#cluster.knownLeaders(state.topic);
      if (leaders === null) unknown = true;
      else if (this.#isReplaced(state)) this.#tellReplaced(state);
      else if (leaders.get(state.partition) !== leader || state.isAsked || state.retryAtMs > nowMs) continue;
      else if (state.wantsFetch) fetchable.push(state);
    }
    if (unknown) this.#route();
    return unknown && fetchable.length === 0 ? null : fetchable;
  }

  /** What Kafka has under this name is another log than was assigned. */
  #isReplaced({ topic, topicId }: FetchState): boolean {
    const now = this.#cluster.topicId(topic);
    return topicId !== null && now !== null && now !== topicId;
  }

  #tellReplaced({ topic }: FetchState): void {
    if (this.#replaced.has(topic)) return;
    this.#replaced.add(topic);
    this.#listener.replaced?.(topic);
  }

  async #take(state: FetchState, answer: FetchedPartition): Promise<void> {
    const about = partitionId(state.topic, state.partition);
    // Assigned anew meanwhile.
    if (this.#partitions.get(about) !== state) return;
    if (state.paused) {
      // What failed is found again once it is resumed.
      if (answer.errorCode === kafkaCode.none && answer.bytes.length > 0) state.keepAhead(answer);
      else state.endsAt(state.position);
      return;
    }
    switch (answer.errorCode) {
      case kafkaCode.none:
        return this.#receive(state, answer);
      case kafkaCode.offsetOutOfRange:
        return this.#reset(state);
      case kafkaCode.unknownTopicId:
      case kafkaCode.inconsistentTopicId:
        // Deleted, and perhaps made anew: which, the next question for its leaders tells.
        this.#later(state);
        return this.#cluster.forget([state.topic]);
      case kafkaCode.corruptMessage:
        return this.#damaged(state, answer, 'Kafka finds it damaged');
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

  #handAhead(state: FetchState): void {
    if (this.#partitions.get(partitionId(state.topic, state.partition)) !== state || state.paused) return;
    const ahead = state.takeAhead();
    if (ahead === null) return;
    try {
      this.#receive(state, ahead);
    } catch (error) {
      this.#listener.died(asTransportError(error, partitionId(state.topic, state.partition)));
    }
    this.#wake();
  }

  #receive(state: FetchState, answer: FetchedPartition): void {
    if (state.fallsBack(answer.end)) {
      // A log made anew, or a leader that has fallen back: read on once that is known.
      this.#later(state);
      this.#cluster.forget([state.topic]);
      return;
    }
    state.endsAt(answer.end);
    if (state.isHeldBack(answer.end, answer.logEnd, performance.now(), this.#cluster.metadataMaxAgeMs))
      this.#listener.heldBack?.(state, answer.end, answer.logEnd);
    if (answer.bytes.length === 0) {
      this.#listener.recovered(partitionId(state.topic, state.partition));
      return;
    }
    const damaged = state.damagedTimes < damagedTimesAtMost ? 'wait' : 'pass';
    const { batch, damage } = decodeRecordSet(answer, state.position, damaged);
    if (damage !== null) this.#damaged(state, answer, damage);
    else if (batch !== null) this.#hand(state, batch);
  }

  #hand(state: FetchState, batch: RecordBatch): void {
    state.advance(batch.nextOffset);
    this.#listener.recovered(partitionId(state.topic, state.partition));
    this.#listener.batch(batch);
  }

  /** What is next may have been damaged on its way: it is asked for again. If it stays so, it is told as unreadable. */
  #damaged(state: FetchState, { end }: FetchedPartition, damage: string): void {
    const { topic, partition, position } = state;
    const about = partitionId(topic, partition);
    if (state.damagedTimes++ < damagedTimesAtMost) {
      this.#later(state);
      const message = `${about}: the batch at offset ${position} cannot be read: ${damage}`;
      this.#listener.failed(about, new TransportError('corrupt', message, { retriable: true }));
      return;
    }
    const nextOffset = position + 1n;
    const unreadable = [{ from: position, to: nextOffset, timestampMs: -1, reason: damage }];
    const highWatermark = end > nextOffset ? end : nextOffset;
    this.#hand(state, {
      topic,
      partition,
      baseOffset: position,
      records: [],
      nextOffset,
      highWatermark,
      sizeBytes: 0,
      unreadable,
    });
  }

  async #reset(state: FetchState): Promise<void> {
    const id = partitionId(state.topic, state.partition);
    const { version, position } = state;
    const [first, end] = await Promise.all([
      listOffsets(this.#cluster, [state], earliest, this.#stopping.signal),
      listOffsets(this.#cluster, [state], latest, this.#stopping.signal),
    ]);
    if (state.version !== version || this.#partitions.get(id) !== state) return;
    this.#cluster.forget([state.topic]);
    await this.#cluster.leaders(state.topic);
    if (this.#isReplaced(state)) return this.#tellReplaced(state);
    const start = first.get(id) ?? 0n;
    const target =
      position < start || this.#options.resetTo(state.topic) === 'earliest' ? start : (end.get(id) ?? start);
    state.advance(target);
    this.#listener.outOfRange({ topic: state.topic, partition: state.partition }, position, target);
  }

  #later(state: FetchState): void {
    state.retryAtMs = performance.now() + retryMs;
    void pause(retryMs, this.#stopping.signal).then(() => {
      // A timer may be a moment ahead of the clock: nobody would look again.
      state.retryAtMs = 0;
      this.#wake();
    });
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

/** Partitions that are read to their end wait this long for a record in one fetch, ms. */
export const defaultMaxWaitMs = 250;
export const defaultMaxBytesPerPartition = 1024 * 1024;
export const defaultMaxBytes = 8 * 1024 * 1024;
