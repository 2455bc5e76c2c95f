/** What is done from time to time: compaction on one clock; retention, and the expiry of producers, offsets and groups on another. */
import type { Broker } from './broker.ts';
import { cleanLog } from './log/cleaner.ts';
import type { PartitionLog } from './log/partition-log.ts';
import { applyRetention } from './log/retention.ts';
import { Serial } from './log/serial.ts';
import { reasonOf } from './log-line.ts';

/** Begins; the answer ends it, once what is under way is done. */
export function startHousekeeping(broker: Broker): () => Promise<void> {
  const { cleanerBackoffMs, retentionCheckMs } = broker.config;
  const stopping = new AbortController();
  // One at a time: what retires segments and what rewrites them would otherwise meet in the same ones.
  const turns = new Serial();
  const repeat = (everyMs: number, task: (broker: Broker, signal: AbortSignal) => Promise<void>) => {
    const cancel = broker.clock.after(everyMs, () => {
      stopping.signal.removeEventListener('abort', cancel);
      void turns
        .run(() => task(broker, stopping.signal))
        .then(() => {
          if (!stopping.signal.aborted) repeat(everyMs, task);
        });
    });
    stopping.signal.addEventListener('abort', cancel);
  };
  repeat(cleanerBackoffMs, compact);
  repeat(retentionCheckMs, forget);
  return async () => {
    stopping.abort();
    await turns.run(async () => {});
  };
}

/** Compacts what is to be compacted. */
export function compact(broker: Broker, signal?: AbortSignal): Promise<void> {
  return eachPartition(broker, 'compacting', signal, async (partition) => {
    if (await cleanLog(partition, broker.clock.now())) broker.log('info', `compacted ${partition.environment.name}`);
  });
}

/** Lets go of what is too old or too much: segments, producers, offsets, groups, transactional ids. */
export async function forget(broker: Broker, signal?: AbortSignal): Promise<void> {
  const { clock, config, groups, log, transactions } = broker;
  await eachPartition(broker, 'retention', signal, async (partition) => {
    await applyRetention(partition, clock.now());
    partition.producers.expire(partition.startOffset, clock.now() - config.producerExpirationMs);
  });
  await groups.expire().catch((error: unknown) => log('error', `expiring groups failed: ${reasonOf(error)}`));
  await transactions
    .expire(clock.now() - config.transactionalIdExpirationMs)
    .catch((error: unknown) => log('error', `expiring transactional ids failed: ${reasonOf(error)}`));
}

/** What was last said of a partition: a fault that stays is said once, not at every round. */
const saidOf = new WeakMap<PartitionLog, string>();

/** A partition that fails is said and does not keep the others from their turn. */
async function eachPartition(
  { topics, log }: Broker,
  what: string,
  signal: AbortSignal | undefined,
  task: (partition: PartitionLog) => Promise<void>,
): Promise<void> {
  for (const topic of topics.all()) {
    for (const partition of topic.partitions) {
      if (signal?.aborted) return;
      try {
        await task(partition);
      } catch (error) {
        if (topics.get(topic.name) !== topic) break; // It was deleted meanwhile.
        const fault = `${what} of ${partition.environment.name} failed: ${reasonOf(error)}`;
        if (saidOf.get(partition) !== fault) log('error', fault);
        saidOf.set(partition, fault);
      }
    }
  }
}
