import { inStep, partitionId, type TransportError } from '@millrace/streams';
import { BackOff } from '../network/back-off.ts';
import type { BrokerLink, ConnectionName } from '../network/broker-link.ts';
import { asTransportError, kafkaCode } from '../network/kafka-failure.ts';
import { type FetchLimits, fetchRecords } from './fetch-request.ts';
import type { FetchedPartition } from './fetch-response.ts';
import type { FetchState } from './fetch-state.ts';

/** What the lanes of one loop share. */
export interface LaneHost {
  readonly limits: FetchLimits;
  readonly stopping: AbortSignal;
  link(leader: number): BrokerLink;
  /** What may be fetched of this leader now and is not being asked for; null while some leaders are not known. */
  fetchable(leader: number, uncommitted: boolean): FetchState[] | null;
  take(state: FetchState, answer: FetchedPartition): Promise<void>;
  /** Resolves at the next `wake`. */
  idle(): Promise<void>;
  wake(): void;
  failed(source: string, error: TransportError): void;
  recovered(source: string): void;
  died(error: TransportError): void;
  /** The leaders of these may have moved. */
  lost(states: readonly FetchState[]): void;
}

/** How long the records of partitions that have just been read to their end are waited for, ms, until the long poll takes them in. */
const handOverMs = 10;

/** So many long polls in a row bring nothing before they become longer, each twice as long as the last, up to `idleMaxWaitMs`, in step with others as long. */
const pollsBeforeIdle = 4;
const idleMaxWaitMs = 20_000;

/**
 * The fetches to one leader, in two lanes over a connection each, so that what is there is never behind a wait for what is not: `fetch` asks for
 * what partitions are known to have, and is answered at once; `wait` is the long poll for those that are read to their end. A partition that
 * reaches its end while the long poll is under way without it is asked for briefly by `fetch`, until it can join. The longer nothing comes, the
 * longer the long polls: what comes is answered at once all the same.
 */
export class FetchLanes {
  readonly #leader: number;
  readonly #uncommitted: boolean;
  readonly #host: LaneHost;
  /** How long the long poll that is under way may take, ms; 0: none is. */
  #waitingMs = 0;
  #emptyPolls = 0;
  /** Partitions at their end that `fetch` asks for meanwhile. */
  #lent = 0;

  constructor(leader: number, uncommitted: boolean, host: LaneHost) {
    this.#leader = leader;
    this.#uncommitted = uncommitted;
    this.#host = host;
  }

  /** Until the host is stopping, or nothing can be read any more. */
  async run(): Promise<void> {
    const suffix = this.#uncommitted ? '-uncommitted' : '';
    await Promise.all([this.#lane('fetch', `fetch${suffix}`), this.#lane('wait', `wait${suffix}`)]);
  }

  async #lane(kind: 'fetch' | 'wait', over: ConnectionName): Promise<void> {
    const host = this.#host;
    const backOff = new BackOff();
    const source = `broker ${this.#leader} ${over}`;
    let turn = 0;
    while (!host.stopping.aborted) {
      const due = kind === 'fetch' ? this.#toFetch() : this.#toWaitFor();
      if (due === null || due.length === 0) {
        // A broker that leads nothing of ours any more is nobody's trouble.
        if (due !== null) host.recovered(source);
        await host.idle();
        continue;
      }
      // The response is filled in the order of the request: each partition gets its turn to be first.
      turn = (turn + 1) % due.length;
      const asked = [...due.slice(turn), ...due.slice(0, turn)];
      try {
        await this.#ask(kind, over, asked);
        host.recovered(source);
        backOff.reset();
      } catch (error) {
        if (host.stopping.aborted) return;
        const failure = asTransportError(error, `broker ${this.#leader}`);
        host.failed(source, failure);
        if (!failure.retriable) return host.died(failure);
        host.lost(due);
        await backOff.wait(host.stopping);
      }
    }
  }

  async #ask(kind: 'fetch' | 'wait', over: ConnectionName, asked: readonly FetchState[]): Promise<void> {
    const host = this.#host;
    const questions = new Map(
      asked.map((state) => [partitionId(state.topic, state.partition), { state, version: state.ask() }]),
    );
    const lent = kind === 'fetch' ? asked.filter((state) => !state.isBehind).length : 0;
    const limits = { ...host.limits, maxWaitMs: this.#maxWaitMs(kind, lent < asked.length) };
    if (kind === 'wait') this.#waitingMs = limits.maxWaitMs;
    this.#lent += lent;
    try {
      const fetched = await fetchRecords(host.link(this.#leader), asked, limits, over, this.#uncommitted);
      const isEmpty = fetched.every(({ bytes }) => bytes.length === 0);
      if (!isEmpty) this.#emptyPolls = 0;
      else if (kind === 'wait') this.#emptyPolls++;
      for (const answer of fetched) {
        const question = questions.get(partitionId(answer.topic, answer.partition));
        // Moved by a seek meanwhile: not what is wanted now.
        if (question === undefined || question.version !== question.state.version) continue;
        await host.take(question.state, answer);
        // Said to have more, which did not come although there was room: asked for again at once, it would be so for ever.
        if (isEmpty && answer.errorCode === kafkaCode.none) question.state.endsAt(question.state.position);
      }
    } finally {
      if (kind === 'wait') this.#waitingMs = 0;
      this.#lent -= lent;
      for (const { state, version } of questions.values()) state.answered(version);
      host.wake();
    }
  }

  #toFetch(): FetchState[] | null {
    const states = this.#host.fetchable(this.#leader, this.#uncommitted);
    return states?.filter((state) => state.isBehind || this.#waitingMs > 0) ?? null;
  }

  #toWaitFor(): FetchState[] | null {
    if (this.#lent > 0) return [];
    const states = this.#host.fetchable(this.#leader, this.#uncommitted);
    return states?.filter((state) => !state.isBehind) ?? null;
  }

  #maxWaitMs(kind: 'fetch' | 'wait', someAreBehind: boolean): number {
    const { maxWaitMs } = this.#host.limits;
    if (kind === 'wait') {
      const doublings = Math.max(0, this.#emptyPolls - pollsBeforeIdle);
      const waitMs = maxWaitMs * 2 ** Math.min(doublings, 16);
      if (waitMs < idleMaxWaitMs) return waitMs;
      return Math.max(maxWaitMs, Math.round(inStep(idleMaxWaitMs, performance.now())));
    }
    if (someAreBehind) return 0;
    // A long poll of an idle time may not be over for a while.
    return this.#waitingMs > maxWaitMs ? maxWaitMs : Math.min(handOverMs, maxWaitMs);
  }
}
