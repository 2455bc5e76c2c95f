import { setTimeout as sleep } from 'node:timers/promises';
import { TransportError } from '@millrace/streams';
import type { KafkaJsOptions } from '../options.ts';
import { BrokerLink } from './broker-link.ts';
import type { ClusterIdentity } from './cluster-identity.ts';
import type { BrokerAddress, ClusterMap } from './cluster-map.ts';
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

/** Those who ask within this time of one another, ms, ask together. */
const togetherMs = 50;

/** A question to be asked shortly. */
interface Round {
  readonly topics: Set<string>;
  readonly answer: Promise<ReadonlyMap<string, TopicMetadata>>;
}

/** Connections of one client to the brokers, by what the process knows of them. */
export class Cluster {
  readonly #map: ClusterMap;
  readonly #options: KafkaJsOptions;
  readonly #identity: ClusterIdentity;
  readonly #onClose: () => void;
  readonly #clientId: string;
  readonly #logger: KafkaLogger;
  readonly #seeds: readonly BrokerLink[];
  readonly #nodes = new Map<number, BrokerLink>();
  #round: Round | null = null;
  #closed = false;

  constructor(
    options: KafkaJsOptions,
    map: ClusterMap,
    identity: ClusterIdentity,
    clientId: string,
    logger: KafkaLogger,
    closed: () => void = () => {},
  ) {
    this.#map = map;
    this.#identity = identity;
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
    this.#map.learn(answer);
    for (const [nodeId, link] of this.#nodes) {
      if (isAt(link, this.#map.broker(nodeId))) continue;
      this.#nodes.delete(nodeId);
      await this.#retire(link);
    }
    return answer;
  }

  /** By topic, what `metadata` says of these. Whoever asks at about the same time shares the question. */
  async metadataTogether(topics: readonly string[]): Promise<ReadonlyMap<string, TopicMetadata>> {
    this.#round ??= this.#beginRound();
    const { topics: asked, answer } = this.#round;
    for (const topic of topics) asked.add(topic);
    return answer;
  }

  #beginRound(): Round {
    const topics = new Set<string>();
    const answer = sleep(togetherMs).then(async () => {
      this.#round = null;
      const { topicMetadata } = await this.metadata([...topics]);
      return new Map(topicMetadata.map((each) => [each.topic, each]));
    });
    return { topics, answer };
  }

  /** Leaders of a topic's partitions by partition, −1 where there is none; asked for when not known or old. Throws `unknown-topic`. */
  async leaders(topic: string): Promise<ReadonlyMap<number, number>> {
    const known = this.knownLeaders(topic);
    if (known !== null) return known;
    const { topicMetadata } = await this.metadata([topic]);
    const leaders = this.knownLeaders(topic);
    if (leaders !== null) return leaders;
    const code = topicMetadata.find((answer) => answer.topic === topic)?.topicErrorCode;
    throw refusal(code ?? kafkaCode.unknownTopicOrPartition, `topic ${topic}`);
  }

  /** Learns the leaders of those that are not known, in one question. Topics that are not there stay unknown. */
  async learnLeaders(topics: Iterable<string>): Promise<void> {
    const unknown = [...new Set(topics)].filter((topic) => this.knownLeaders(topic) === null);
    if (unknown.length > 0) await this.metadata(unknown);
  }

  /** See `ClusterMap`. */
  get metadataMaxAgeMs(): number {
    return this.#map.maxAgeMs;
  }

  /** Without asking; null when not known or too old. */
  knownLeaders(topic: string): ReadonlyMap<number, number> | null {
    return this.#map.leaders(topic);
  }

  /** As of when its leaders were learnt; null when not known, or where the broker knows no ids. */
  topicId(topic: string): string | null {
    return this.#map.topicId(topic);
  }

  /** What was known of these topics' leaders is wrong. */
  forget(topics: Iterable<string>): void {
    this.#map.forget(topics);
  }

  /** A broker by its id; throws `unreachable` when it is not in the cluster (any more). */
  node(nodeId: number): BrokerLink {
    const at = this.#map.broker(nodeId);
    if (at === null) {
      throw new TransportError('unreachable', `broker ${nodeId} is not in the cluster`, { retriable: true });
    }
    const known = this.#nodes.get(nodeId);
    if (known !== undefined && isAt(known, at)) return known;
    void this.#retire(known);
    const link = this.#linkTo(at);
    this.#nodes.set(nodeId, link);
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
    this.#map.learnBroker(nodeId, { host, port });
    return this.node(nodeId);
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
  #linkTo(at: BrokerAddress): BrokerLink {
    return this.#seeds.find((link) => isAt(link, at)) ?? this.#link(at.host, at.port);
  }

  async #retire(link: BrokerLink | undefined): Promise<void> {
    if (link === undefined || this.#seeds.includes(link)) return;
    const words = `${link.address} is no longer an address of this cluster`;
    await link.close(new TransportError('unreachable', words, { retriable: true }));
  }

  #link(host: string, port: number): BrokerLink {
    return new BrokerLink(host, port, this.#options, this.#identity, this.#clientId, this.#logger);
  }
}

const isAt = ({ address }: BrokerLink, at: BrokerAddress | null): boolean =>
  at !== null && address === `${at.host}:${at.port}`;
