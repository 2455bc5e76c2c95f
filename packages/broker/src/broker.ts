/** The broker without its sockets: what the APIs work on. */
import type { Clock } from './clock.ts';
import type { BrokerConfig } from './config.ts';
import type { Disk } from './disk/disk.ts';
import { readSealed, writeSealed } from './disk/sealed-file.ts';
import { GroupCoordinator } from './groups/group-coordinator.ts';
import { OffsetStore } from './groups/offset-store.ts';
import type { LogLine } from './log-line.ts';
import { TopicRegistry } from './topics/topic-registry.ts';
import { TransactionCoordinator } from './transactions/transaction-coordinator.ts';

export interface Broker {
  readonly config: BrokerConfig;
  readonly clock: Clock;
  readonly log: LogLine;
  readonly nodeId: number;
  readonly clusterId: string;
  /** Where clients are told to connect. */
  readonly advertised: { host: string; port: number };
  readonly topics: TopicRegistry;
  readonly groups: GroupCoordinator;
  readonly transactions: TransactionCoordinator;
  /** Ends every wait and closes what is on disk, in an order that leaves it whole. */
  close(): Promise<void>;
}

export interface BrokerEnvironment {
  readonly config: BrokerConfig;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly log: LogLine;
  /** 32 hexadecimal digits that nothing else has. */
  readonly newId: () => string;
}

/** Opens everything below the data folder, which the caller has locked. */
export async function openBroker(environment: BrokerEnvironment): Promise<Broker> {
  const { config, disk, clock, log, newId } = environment;
  const clusterId = await clusterIdOf(disk, newId);
  const topics = await TopicRegistry.open({ disk, clock, log, newId });
  const offsets = await OffsetStore.open(disk, log);
  const transactions = await TransactionCoordinator.open({
    disk,
    clock,
    log,
    topics,
    offsets,
    maxTimeoutMs: config.maxTransactionTimeoutMs,
  });
  const { initialRebalanceDelayMs } = config;
  const tell = (message: string) => log('info', message);
  const groups = new GroupCoordinator({ clock, newId, initialRebalanceDelayMs, log: tell }, config, offsets);
  topics.onDelete(({ name }) => groups.forgetTopic(name));
  return {
    config,
    clock,
    log,
    nodeId: 1,
    clusterId,
    advertised: { host: '', port: 0 },
    topics,
    groups,
    transactions,
    async close() {
      await transactions.close();
      await groups.close();
      await topics.close();
    },
  };
}

async function clusterIdOf(disk: Disk, newId: () => string): Promise<string> {
  const known = await readSealed(disk, 'cluster-id');
  if (typeof known === 'string') return known;
  // As Kafka writes it: 16 bytes in URL-safe base64, without padding.
  const made = Buffer.from(newId(), 'hex').toString('base64url');
  await writeSealed(disk, 'cluster-id', made);
  return made;
}
