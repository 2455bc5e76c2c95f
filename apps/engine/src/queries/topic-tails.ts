import type { RecordBatch, Transport, TransportAdmin } from '@millrace/streams';
import { backOffMs } from '../back-off.ts';
import { saying } from '../log.ts';
import { pause } from '../pause.ts';
import { FollowedTopic } from './followed-topic.ts';

export interface TailListener {
  batch(batch: RecordBatch): void;
  /** Kafka is away, or the topic is gone; it is tried again. Null: reading goes on. */
  trouble(reason: string | null): void;
}

interface Tail {
  readonly listeners: Set<TailListener>;
  readonly ending: AbortController;
}

const firstRetryMs = 500;
const maxRetryMs = 10_000;
/** How often a topic that is followed is looked at for new partitions, ms. */
const defaultLookMs = 15_000;

/** One reader a topic, however many follow it; none while nobody does. A tail begins at the end, and goes on where it was after an outage; what is new of the topic by then, partitions or the whole log, is read from its start. */
export class TopicTails {
  readonly #admin: TransportAdmin;
  readonly #transport: Transport;
  readonly #isUncommitted: (topic: string) => boolean;
  readonly #lookMs: number;
  readonly #tails = new Map<string, Tail>();

  constructor(
    admin: TransportAdmin,
    transport: Transport,
    isUncommitted: (topic: string) => boolean,
    lookMs = defaultLookMs,
  ) {
    this.#lookMs = lookMs;
    this.#isUncommitted = isUncommitted;
    this.#admin = admin;
    this.#transport = transport;
  }

  /** Calls the listener until the returned function is called. */
  follow(topic: string, listener: TailListener): () => void {
    let tail = this.#tails.get(topic);
    if (tail === undefined) {
      tail = { listeners: new Set(), ending: new AbortController() };
      this.#tails.set(topic, tail);
      void this.#run(topic, tail); // never rejects: failures are told and retried
    }
    const followed = tail;
    followed.listeners.add(listener);
    return () => {
      followed.listeners.delete(listener);
      if (followed.listeners.size > 0) return;
      followed.ending.abort();
      if (this.#tails.get(topic) === followed) this.#tails.delete(topic);
    };
  }

  close(): void {
    for (const { ending } of this.#tails.values()) ending.abort();
    this.#tails.clear();
  }

  async #run(topic: string, { listeners, ending }: Tail): Promise<void> {
    const { signal } = ending;
    const followed = new FollowedTopic(topic, this.#admin);
    let failures = 0;
    while (!signal.aborted) {
      const reader = this.#transport.reader();
      const changing = new AbortController();
      const either = AbortSignal.any([signal, changing.signal]);
      try {
        const uncommitted = this.#isUncommitted(topic);
        const starts = await followed.starts(uncommitted);
        for (const listener of listeners) listener.trouble(null);
        void followed.changed(this.#lookMs, either).then(() => changing.abort());
        for await (const batch of reader.tail(starts, either)) {
          followed.read(batch);
          failures = 0;
          for (const listener of listeners) listener.batch(batch);
        }
        if (changing.signal.aborted) continue;
      } catch (error) {
        if (signal.aborted) break;
        for (const listener of listeners) listener.trouble(saying(error));
      } finally {
        changing.abort();
        await reader.close();
      }
      failures += 1;
      if (!signal.aborted) await pause(backOffMs(failures, firstRetryMs, maxRetryMs), signal);
    }
  }
}
