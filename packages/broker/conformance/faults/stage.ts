/** Where the load plays: the topics, and what each actor is given. */
import { setTimeout as pause } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { createTopics } from '../../src/apis/19-create-topics.ts';
import type { Random } from '../random.ts';
import { ConnectionLost, RawClient } from '../raw-client.ts';
import type { Ledger } from './ledger.ts';

export interface Stage {
  /** `host:port`, the same over all restarts. */
  readonly broker: string;
  readonly random: Random;
  readonly ledger: Ledger;
  /** Aborted when the load is to come to its end; the broker is up from then on. */
  readonly ending: AbortSignal;
}

/** Works until `stage.ending`, over any number of deaths of the broker, and leaves nothing undecided. */
export type Actor = (stage: Stage) => Promise<void>;

interface StageTopic {
  readonly name: string;
  readonly partitionCount: number;
  readonly configs: Readonly<Record<string, string>>;
}

const smallSegments = { 'segment.bytes': '30000' };

export const stageTopics = [
  /** From producers of every kind, transactional ones included; read by the group. */
  { name: 'mixed', partitionCount: 4, configs: smallSegments },
  /** The pipeline reads `orders` and writes `shipped`. */
  { name: 'orders', partitionCount: 2, configs: smallSegments },
  { name: 'shipped', partitionCount: 2, configs: smallSegments },
  {
    name: 'latest',
    partitionCount: 2,
    configs: {
      'cleanup.policy': 'compact',
      'segment.bytes': '5000',
      'min.cleanable.dirty.ratio': '0.01',
      'delete.retention.ms': '100',
    },
  },
  /** Records are deleted from its start on demand. */
  { name: 'trimmed', partitionCount: 2, configs: { 'segment.bytes': '8000' } },
  { name: 'rolling', partitionCount: 2, configs: { 'segment.bytes': '8000', 'retention.bytes': '24000' } },
] as const satisfies readonly StageTopic[];

export const brokerFlags = [
  'log.cleaner.backoff.ms=50',
  'log.retention.check.interval.ms=150',
  'group.min.session.timeout.ms=500',
].flatMap((setting) => ['--set', setting]);

export async function buildStage(broker: string): Promise<void> {
  const client = await RawClient.connect(broker);
  const topics = stageTopics.map(({ name, partitionCount, configs }) => ({
    name,
    partitionCount,
    replicationFactor: 1,
    assignments: [],
    configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
  }));
  const answer = await client.call(createTopics, 5, { topics, timeoutMs: 5_000, validateOnly: false });
  client.close();
  for (const { name, errorCode } of answer.topics)
    if (errorCode !== 0) throw new Error(`the topic ${name} was refused with ${errorCode}`);
}

/** KafkaJS as an application has it that is to outlive its broker's restarts. */
export function patientKafka(broker: string): Kafka {
  return new Kafka({
    clientId: 'faults',
    brokers: [broker],
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 10, maxRetryTime: 100, retries: 200 },
  });
}

/**
 * Runs `life` on a connection, and again on a new one whenever the broker has died under it, until it returns while the
 * load is ending. Anything else that it throws is thrown.
 */
export async function overLives({ broker, ending }: Stage, life: (client: RawClient) => Promise<void>): Promise<void> {
  for (;;) {
    const client = await RawClient.connect(broker).catch(() => null); // It is down for a moment.
    if (client === null) {
      await pause(15);
      continue;
    }
    try {
      await life(client);
      if (ending.aborted) return;
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
    } finally {
      client.close();
    }
  }
}
