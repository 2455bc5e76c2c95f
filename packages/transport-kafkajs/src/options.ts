import type { ConnectionOptions } from 'node:tls';

/** How Kafka is reached. Everything but `brokers` has a default. */
export interface KafkaJsOptions {
  /** `host:port` of some brokers; the others are learnt from them. */
  readonly brokers: readonly string[];
  readonly clientId?: string;
  /** Kafka's `cluster.id`: another cluster is refused. Absent, the first one that answers is the one. */
  readonly clusterId?: string;
  /** `true`: TLS with the system's certificate authorities. */
  readonly ssl?: boolean | ConnectionOptions;
  readonly sasl?: SaslOptions;
  /** How long a connection may take to open, ms; default 5 000. */
  readonly connectionTimeoutMs?: number;
  /** How long an answer may take, ms; default 30 000. Long polls and joins have their own, longer ones. */
  readonly requestTimeoutMs?: number;
  /**
   * What is known of topics (leaders, partitions, whether they were made anew) is asked for again after this long, ms; default 60 000. A group's members
   * look at their topics twice as often.
   */
  readonly metadataMaxAgeMs?: number;
  /** A member of a group that is silent for so long, ms, has lost its partitions; unless a consumer says otherwise. Default 10 000. */
  readonly sessionTimeoutMs?: number;
  /** Gets what there is to log; without it, nothing is logged. */
  readonly log?: KafkaLog;
}

export interface SaslOptions {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

export type KafkaLog = (
  level: 'error' | 'warn' | 'info' | 'debug',
  message: string,
  details: Readonly<Record<string, unknown>>,
) => void;

const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

/**
 * Reads KAFKA_BROKERS (comma-separated), KAFKA_SSL (`true`), KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD, KAFKA_CLUSTER_ID,
 * KAFKA_METADATA_MAX_AGE_MS and KAFKA_SESSION_TIMEOUT_MS.
 * Null without KAFKA_BROKERS. Throws an `Error` that names the variable which cannot be used.
 */
export function kafkaOptionsFromEnv(env: Readonly<Record<string, string | undefined>>): KafkaJsOptions | null {
  const brokers = (env['KAFKA_BROKERS'] ?? '')
    .split(',')
    .map((broker) => broker.trim())
    .filter((broker) => broker !== '');
  if (brokers.length === 0) return null;
  for (const broker of brokers) {
    if (!/^\S+:\d+$/.test(broker)) throw new Error(`KAFKA_BROKERS: "${broker}" is not host:port`);
  }
  const ssl = env['KAFKA_SSL'] ?? '';
  if (!['', 'true', 'false', '1', '0'].includes(ssl)) throw new Error(`KAFKA_SSL: "${ssl}" is neither true nor false`);
  const sasl = saslFromEnv(env);
  const age = millisecondsIn(env, 'KAFKA_METADATA_MAX_AGE_MS');
  const session = millisecondsIn(env, 'KAFKA_SESSION_TIMEOUT_MS');
  const clusterId = env['KAFKA_CLUSTER_ID'] ?? '';
  return {
    brokers,
    ssl: ssl === 'true' || ssl === '1',
    ...(sasl === null ? {} : { sasl }),
    ...(age === undefined ? {} : { metadataMaxAgeMs: age }),
    ...(session === undefined ? {} : { sessionTimeoutMs: session }),
    ...(clusterId === '' ? {} : { clusterId }),
  };
}

function millisecondsIn(env: Readonly<Record<string, string | undefined>>, name: string): number | undefined {
  const text = env[name] ?? '';
  if (text === '') return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`${name}: "${text}" is not a number of milliseconds`);
  return Number(text);
}

function saslFromEnv(env: Readonly<Record<string, string | undefined>>): SaslOptions | null {
  const said = env['KAFKA_SASL_MECHANISM'] ?? '';
  if (said === '') return null;
  const mechanism = mechanisms.find((known) => known === said.toLowerCase());
  if (mechanism === undefined) {
    throw new Error(`KAFKA_SASL_MECHANISM: "${said}" is not one of ${mechanisms.join(', ')}`);
  }
  const username = env['KAFKA_SASL_USERNAME'] ?? '';
  const password = env['KAFKA_SASL_PASSWORD'] ?? '';
  if (username === '' || password === '') {
    throw new Error(`KAFKA_SASL_MECHANISM is set: KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD are needed, too`);
  }
  return { mechanism, username, password };
}
