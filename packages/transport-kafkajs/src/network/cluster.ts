import { TransportError } from '@millrace/streams';
import type { KafkaJsOptions } from '../options.ts';
import { BrokerLink } from './broker-link.ts';
import type { ClusterIdentity } from './cluster-identity.ts';
import { kafkaCode, refusal } from './kafka-failure.ts';
import type { KafkaLogger } from './kafkajs-internals.ts';
import { withTopicIds } from './metadata-request.ts';

export interface ClusterMetadata {
  readonly brokers: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[];
  readonly controllerId: number;
  readonly topicMetadata: readonly TopicMetadata[];
}

export interface TopicMetadata {
  readonly topicErrorCode: number;
  readonly topic: string;
  /** 32 hexadecimal digits; a topic made anew has others. Null or absent: the broker does not know ids. */
  readonly topicId?: string | null;
  readonly isInternal?: boolean;
  readonly partitionMetadata: readonly {
    readonly partitionErrorCode: number;
    readonly partitionId: number;
    /** −1 during an election. */
    readonly leader: number;
    readonly replicas: readonly number[];
  }[];
}

interface KnownTopic {
  readonly topicId: string | null;
  /** By partition. */
  readonly leaders: ReadonlyMap<number, number>;
  readonly atMs: number;
}

/** How long an answer about leaders and partition counts is believed, ms (Java's `metadata.max.age.ms`, which is 300 000 there). */
const defaultMetadataMaxAgeMs = 60_000;

/** The brokers, who leads which partition, and connections of one client to them. */
export class Cluster {
  readonly metadataMaxAgeMs: number;
  readonly #options: KafkaJsOptions;
  readonly #identity: ClusterIdentity;
  readonly #onClose: () => void;
  readonly #clientId: string;
  readonly #logger: KafkaLogger;
  readonly #seeds: readonly BrokerLink[];
  readonly #nodes = new Map<number, BrokerLink>();
  readonly #leaders = new Map<string, KnownTopic>();
  #closed = false;

  constructor(
    options: KafkaJsOptions,
    identity: ClusterIdentity,
    clientId: string,
    logger: KafkaLogger,
    closed: () => void = () => {},
  ) {
    this.#identity = identity;
    this.metadataMaxAgeMs = options.metadataMaxAgeMs ?? defaultMetadataMaxAgeMs;
    this.#onClose = closed;
    this.#options = options;
    this.#clientId = clientId;
    this.#logger = logger;
    this.#seeds = options.brokers.map((address) => {
      const colon = address.lastIndexOf(':');
      return this.#link(address.slice(0, colon), Number(address.slice(colon + 1)));
    });
  }

  /**
   * Asks any broker; null asks for all topics. Remembers brokers and leaders. No topics bring the brokers alone, and all topics as well from a broker
   * before 2.8: KafkaJS sends an empty list as null.
   */
  async metadata(topics: readonly string[] | null): Promise<ClusterMetadata> {
    const answer = await this.any((link) =>
      link.send<ClusterMetadata>('Metadata', { topics: topics ?? [], allowAutoTopicCreation: false }, (call, served) =>
        withTopicIds(call, topics, served),
      ),
    );
    const known = new Set(answer.brokers.map(({ nodeId }) => nodeId));
    for (const { nodeId, host, port } of answer.brokers) {
      const before = this.#nodes.get(nodeId);
      if (before?.address === `${host}:${port}`) continue;
      await this.#retire(before);
      this.#nodes.set(nodeId, this.#linkTo(host, port));
    }
    for (const [nodeId, link] of this.#nodes) {
      if (known.has(nodeId)) continue;
      this.#nodes.delete(nodeId);
      await this.#retire(link);
    }
    const atMs = performance.now();
    for (const { topic, topicErrorCode, topicId = null, partitionMetadata } of answer.topicMetadata) {
      if (topicErrorCode !== kafkaCode.none) this.#leaders.delete(topic);
      else {
        const leaders = new Map(partitionMetadata.map((p) => [p.partitionId, p.leader]));
        this.#leaders.set(topic, { atMs, topicId, leaders });
      }
    }
    return answer;
  }

  /** Leaders of a topic's partitions by partition, −1 where there is none; asked for when not known or old. Throws `unknown-topic`. */
  async leaders(topic: string): Promise<ReadonlyMap<number, number>> {
    const known = this.knownLeaders(topic);
    if (known !== null) return known;
    const { topicMetadata } = await this.metadata([topic]);
    const leaders = this.#leaders.get(topic)?.leaders;
    if (leaders !== undefined) return leaders;
    const code = topicMetadata.find((answer) => answer.topic === topic)?.topicErrorCode;
    throw refusal(code ?? kafkaCode.unknownTopicOrPartition, `topic ${topic}`);
  }

  /** Learns the leaders of those that are not known, in one question. Topics that are not there stay unknown. */
  async learnLeaders(topics: Iterable<string>): Promise<void> {
    const unknown = [...new Set(topics)].filter((topic) => this.knownLeaders(topic) === null);
    if (unknown.length > 0) await this.metadata(unknown);
  }

  /** Without asking; null when not known or too old. */
  knownLeaders(topic: string): ReadonlyMap<number, number> | null {
    const known = this.#leaders.get(topic);
    return known !== undefined && performance.now() - known.atMs < this.metadataMaxAgeMs ? known.leaders : null;
  }

  /** As of when its leaders were learnt; null when not known, or where the broker knows no ids. */
  topicId(topic: string): string | null {
    return this.#leaders.get(topic)?.topicId ?? null;
  }

  /** What was known of these topics' leaders is wrong. */
  forget(topics: Iterable<string>): void {
    for (const topic of topics) this.#leaders.delete(topic);
  }

  /** A broker by its id; throws `unreachable` when it is not in the cluster (any more). */
  node(nodeId: number): BrokerLink {
    const link = this.#nodes.get(nodeId);
    if (link === undefined) {
      throw new TransportError('unreachable', `broker ${nodeId} is not in the cluster`, { retriable: true });
    }
    return link;
  }

  async controller(): Promise<BrokerLink> {
    const { controllerId } = await this.metadata([]);
    return this.node(controllerId);
  }

  async coordinator(groupId: string): Promise<BrokerLink> {
    const ask = { coordinatorKey: groupId, groupId, coordinatorType: 0 };
    const { errorCode, errorMessage, coordinator } = await this.any((link) =>
      link.send<{
        readonly errorCode: number;
        readonly errorMessage?: string | null;
        readonly coordinator: { readonly nodeId: number; readonly host: string; readonly port: number };
      }>('GroupCoordinator', ask),
    );
    if (errorCode !== kafkaCode.none) throw refusal(errorCode, `group ${groupId}`, errorMessage);
    const { nodeId, host, port } = coordinator;
    const known = this.#nodes.get(nodeId);
    if (known?.address === `${host}:${port}`) return known;
    const link = this.#linkTo(host, port);
    this.#nodes.set(nodeId, link);
    return link;
  }

  /** Runs a request on any broker that answers: connected ones first, then the others known, then the seeds. */
  async any<Answer>(request: (link: BrokerLink) => Promise<Answer>): Promise<Answer> {
    const links = [...this.#nodes.values(), ...this.#seeds];
    links.sort((a, b) => Number(b.connected) - Number(a.connected));
    const failures = new Map<string, TransportError>();
    for (const link of links) {
      if (failures.has(link.address)) continue;
      try {
        return await request(link);
      } catch (error) {
        if (!(error instanceof TransportError) || (error.code !== 'unreachable' && error.code !== 'timeout'))
          throw error;
        failures.set(link.address, error);
      }
    }
    if (this.#closed) throw new TransportError('closed', 'this client is closed', { retriable: false });
    const said = [...failures.values()].map(({ message }) => message).join('; ');
    throw new TransportError('unreachable', `Kafka cannot be reached: ${said}`, {
      retriable: true,
      cause: [...failures.values()][0],
    });
  }

  /** Drops every connection; requests in flight fail with `closed`. Idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClose();
    await Promise.all([...this.#nodes.values(), ...this.#seeds].map((link) => link.close()));
  }

  /** A seed that turns out to be this broker keeps its connection. */
  #linkTo(host: string, port: number): BrokerLink {
    return this.#seeds.find(({ address }) => address === `${host}:${port}`) ?? this.#link(host, port);
  }

  async #retire(link: BrokerLink | undefined): Promise<void> {
    if (link !== undefined && !this.#seeds.includes(link)) await link.close();
  }

  #link(host: string, port: number): BrokerLink {
    return new BrokerLink(host, port, this.#options, this.#identity, this.#clientId, this.#logger);
  }
}
