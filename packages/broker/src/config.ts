/** The broker's own settings, fixed while it runs. Times in milliseconds, sizes in bytes. */
export interface BrokerConfig {
  /** Partitions of a topic that is created without saying how many. */
  readonly defaultPartitions: number;
  /** Whether asking for a topic's metadata may create it. */
  readonly autoCreateTopics: boolean;
  readonly maxPartitionsPerTopic: number;
  /** A longer request closes its connection. */
  readonly maxRequestBytes: number;
  /** How long the first members of an empty group wait for others to join. */
  readonly initialRebalanceDelayMs: number;
  readonly minSessionTimeoutMs: number;
  readonly maxSessionTimeoutMs: number;
  /** How long the offsets of a group without members are kept. */
  readonly offsetsRetentionMs: number;
  readonly maxTransactionTimeoutMs: number;
  /** An idempotent producer that has been silent for so long is forgotten. */
  readonly producerExpirationMs: number;
  /** How often retention, compaction and expiry are looked after. */
  readonly housekeepingMs: number;
}

/** Kafka's defaults, except that nobody waits long for a group to gather and that topics are not made by asking for them. */
export const defaultConfig: BrokerConfig = {
  defaultPartitions: 1,
  autoCreateTopics: false,
  maxPartitionsPerTopic: 1000,
  maxRequestBytes: 100 * 1024 * 1024,
  initialRebalanceDelayMs: 20,
  minSessionTimeoutMs: 6_000,
  maxSessionTimeoutMs: 1_800_000,
  offsetsRetentionMs: 7 * 24 * 3_600_000,
  maxTransactionTimeoutMs: 900_000,
  producerExpirationMs: 24 * 3_600_000,
  housekeepingMs: 10_000,
};

/** The settings under the names that Kafka's broker gives them. */
export function brokerConfigEntries(config: BrokerConfig): { name: string; value: string; typeNumber: number }[] {
  const long = (name: string, value: number) => ({ name, value: String(value), typeNumber: 5 });
  return [
    { name: 'auto.create.topics.enable', value: String(config.autoCreateTopics), typeNumber: 1 },
    long('group.initial.rebalance.delay.ms', config.initialRebalanceDelayMs),
    long('group.max.session.timeout.ms', config.maxSessionTimeoutMs),
    long('group.min.session.timeout.ms', config.minSessionTimeoutMs),
    long('log.cleaner.backoff.ms', config.housekeepingMs),
    long('log.retention.check.interval.ms', config.housekeepingMs),
    long('num.partitions', config.defaultPartitions),
    long('offsets.retention.minutes', Math.round(config.offsetsRetentionMs / 60_000)),
    long('producer.id.expiration.ms', config.producerExpirationMs),
    long('socket.request.max.bytes', config.maxRequestBytes),
    long('transaction.max.timeout.ms', config.maxTransactionTimeoutMs),
  ];
}
