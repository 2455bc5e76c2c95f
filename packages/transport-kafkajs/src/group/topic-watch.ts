import { inStep, type TransportError } from '@millrace/streams';
import { pause } from '../network/back-off.ts';
import type { Cluster } from '../network/cluster.ts';
import { asTransportError } from '../network/kafka-failure.ts';
import { changedTopics, missingTopics, statesOf, type TopicStates, topicStates } from './topic-states.ts';

export interface TopicWatchListener {
  /** Some topic has other partitions than when it was first looked at, or was made anew. */
  changed(): void;
  /** Topics that were there are not. Told at each look while it is so. */
  missing(topics: readonly string[]): void;
  /** None is missing. */
  found(): void;
  failed(error: TransportError): void;
}

/** Looks at the topics of a group while a generation lasts. */
export class TopicWatch {
  readonly #cluster: Cluster;
  readonly #shared: Cluster;
  readonly #topics: readonly string[];
  readonly #listener: TopicWatchListener;
  #seen: TopicStates = new Map();

  /** `shared`: what is asked again and again goes over its connections, together with what other watches ask. */
  constructor(cluster: Cluster, shared: Cluster, topics: readonly string[], listener: TopicWatchListener) {
    this.#cluster = cluster;
    this.#shared = shared;
    this.#topics = topics;
    this.#listener = listener;
  }

  /** Before a join, to begin with; what is seen then is what later looks are compared with. */
  async begin(): Promise<void> {
    this.#seen = await topicStates(this.#cluster, this.#topics);
  }

  /** What the topics are now. */
  look(): Promise<TopicStates> {
    return topicStates(this.#cluster, this.#topics);
  }

  /** Until the signal aborts, or a change was told. Never rejects. `known`: what the owner works by. */
  async run(known: TopicStates, over: AbortSignal): Promise<void> {
    if (changedTopics(this.#seen, known).length > 0) return this.#listener.changed();
    while (!over.aborted) {
      await pause(inStep(this.#cluster.metadataMaxAgeMs / 2, performance.now()), over);
      if (over.aborted) return;
      try {
        const now = statesOf(this.#topics, await this.#shared.metadataTogether(this.#topics));
        if (over.aborted) return;
        if (changedTopics(known, now).length > 0) return this.#listener.changed();
        const missing = missingTopics(known, now);
        if (missing.length > 0) this.#listener.missing(missing);
        else this.#listener.found();
      } catch (error) {
        if (!over.aborted) this.#listener.failed(asTransportError(error, 'Kafka'));
      }
    }
  }
}
