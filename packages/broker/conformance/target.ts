/**
 * The broker under test: an embedded one of its own for each file, or, when KAFKA_BROKERS names one, an Apache Kafka. The
 * cases state what Kafka does; where the embedded broker is known to differ, known-differences.ts says so, and its entry
 * fails once the difference is gone.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Admin, Kafka, type KafkaConfig, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, type TestContext, test } from 'vitest';
import type { BrokerConfig } from '../src/config.ts';
import { startBroker } from '../src/index.ts';
import { knownDifferences } from './known-differences.ts';
import { RawClient } from './raw-client.ts';

const external = process.env['KAFKA_BROKERS']?.split(',');
export const isEmbedded = external === undefined;

/** As scripts/apache-kafka.mjs sets up a brisk Kafka: cases need not wait long for what is looked after in the background. */
const quick: Partial<BrokerConfig> = { minSessionTimeoutMs: 1_000, cleanerBackoffMs: 500, retentionCheckMs: 500 };

/** A case of the suite. Its title is unique, because known differences are listed by title. */
export function conforms(title: string, run: (context: TestContext) => Promise<void>): void {
  const differs = isEmbedded && knownDifferences.some((difference) => difference.title === title);
  (differs ? test.fails : test)(title, run, 30_000);
}

/** How long something asked for may take until it is there. */
export const readiness = { timeout: 20_000 };

export interface Target {
  readonly brokers: string[];
  readonly admin: Admin;
  kafka(config?: Partial<KafkaConfig>): Kafka;
  /** A connection for requests that no client would send; closed at the end. */
  raw(): Promise<RawClient>;
  /** A new topic, every partition of which is led; answers its name. */
  topic(partitions?: number, configs?: Readonly<Record<string, string>>): Promise<string>;
  /** Until as many partitions as that are led: Kafka answers a creation before its brokers have heard of it. */
  led(topic: string, partitions: number): Promise<void>;
  /** A name for a group whose coordinator serves: a fresh Kafka makes one when it is first asked for it, and it loads then. */
  group(): Promise<string>;
}

let counter = 0;

/** A name that no other case has used, on a broker that may outlive this run. */
export function uniqueName(prefix: string): string {
  counter += 1;
  return `${prefix}-${process.pid}-${Date.now().toString(36)}-${counter}`;
}

/** Starts, before the cases of the file that calls it, what they run against, and ends it after them. */
export function target(): Target {
  let brokers: string[] = [];
  let admin: Admin | undefined;
  const endings: (() => Promise<void>)[] = [];
  const kafka = (config: Partial<KafkaConfig> = {}) =>
    new Kafka({ clientId: 'conformance', brokers, logLevel: logLevel.NOTHING, ...config });

  beforeAll(async () => {
    if (external === undefined) {
      const dataDir = await mkdtemp(join(tmpdir(), 'millrace-broker-'));
      const broker = await startBroker({ port: 0, dataDir, ...quick });
      endings.push(
        () => rm(dataDir, { recursive: true, force: true }),
        () => broker.stop(),
      );
      brokers = [`127.0.0.1:${broker.port}`];
    } else brokers = external;
    admin = kafka().admin();
    await admin.connect();
    endings.push(() => admin?.disconnect() ?? Promise.resolve());
  }, 30_000);
  afterAll(async () => {
    for (const end of endings.reverse()) await end();
  }, 30_000);

  const connectedAdmin = () => {
    if (admin === undefined) throw new Error('the target is there only while cases run');
    return admin;
  };
  const led = (topic: string, partitions: number): Promise<void> =>
    expect.poll(() => connectedAdmin().fetchTopicOffsets(topic), readiness).toHaveLength(partitions);
  return {
    get brokers() {
      return brokers;
    },
    get admin() {
      return connectedAdmin();
    },
    kafka,
    async raw() {
      const client = await RawClient.connect(brokers[0] ?? '');
      endings.push(async () => client.close());
      return client;
    },
    async topic(partitions = 1, configs = {}) {
      const topic = uniqueName('topic');
      const configEntries = Object.entries(configs).map(([name, value]) => ({ name, value }));
      await connectedAdmin().createTopics({
        waitForLeaders: false,
        topics: [{ topic, numPartitions: partitions, configEntries }],
      });
      await led(topic, partitions);
      return topic;
    },
    led,
    async group() {
      const groupId = uniqueName('group');
      const described = async () => (await connectedAdmin().describeGroups([groupId])).groups;
      await expect.poll(described, readiness).toMatchObject([{ groupId }]);
      return groupId;
    },
  };
}
