import {
  type RecordBatch,
  type TailStart,
  type TopicDescription,
  type TransportAdmin,
  TransportError,
} from '@millrace/streams';
import { pause } from '../pause.ts';

/** Where a tail stands in a topic: at first at the end of every partition. */
export class FollowedTopic {
  readonly #topic: string;
  readonly #admin: TransportAdmin;
  readonly #positions = new Map<number, bigint>();
  #known: TopicDescription | null = null;

  constructor(topic: string, admin: TransportAdmin) {
    this.#topic = topic;
    this.#admin = admin;
  }

  /** Where to read from now. Throws `unknown-topic`. */
  async starts(uncommitted: boolean): Promise<TailStart[]> {
    const before = this.#known;
    const now = await this.#look();
    if (now === null)
      throw new TransportError('unknown-topic', `there is no topic ${this.#topic}`, { retriable: true });
    const isAnother = before !== null && before.id !== now.id;
    if (isAnother) this.#positions.clear();
    for (const { partition, earliest, latest } of await this.#admin.offsets(this.#topic, { uncommitted })) {
      if (!this.#positions.has(partition)) this.#positions.set(partition, before === null ? latest : earliest);
    }
    this.#known = now;
    const topicId = now.id === null ? {} : { topicId: now.id };
    return [...this.#positions].map(([partition, from]) => ({
      topic: this.#topic,
      partition,
      from,
      uncommitted,
      ...topicId,
    }));
  }

  read({ partition, nextOffset }: RecordBatch): void {
    this.#positions.set(partition, nextOffset);
  }

  /** Looks every `lookMs`. Resolves once the topic has other partitions than `starts` told, or is another, or the signal aborts. Never rejects. */
  async changed(lookMs: number, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      await pause(lookMs, over);
      // Kafka being away is the reader's to say.
      const now = over.aborted ? null : await this.#look().catch(() => null);
      if (now !== null && (now.id !== this.#known?.id || now.partitions !== this.#known.partitions)) return;
    }
  }

  async #look(): Promise<TopicDescription | null> {
    return (await this.#admin.describeTopics([this.#topic]))[0] ?? null;
  }
}
