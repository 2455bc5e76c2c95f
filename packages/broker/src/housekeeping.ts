/** What is done from time to time: retention, compaction, and the expiry of producers, offsets and groups. */
import type { Broker } from './broker.ts';
import { cleanLog } from './log/cleaner.ts';
import { applyRetention } from './log/retention.ts';
import { reasonOf } from './log-line.ts';

/** Begins; the answer ends it, once what is under way is done. */
export function startHousekeeping(broker: Broker): () => Promise<void> {
  let stopped = false;
  let underWay = Promise.resolve();
  let cancel = () => {};
  const schedule = () => {
    cancel = broker.clock.after(broker.config.housekeepingMs, () => {
      underWay = keepHouse(broker, () => stopped).then(() => {
        if (!stopped) schedule();
      });
    });
  };
  schedule();
  return async () => {
    stopped = true;
    cancel();
    await underWay;
  };
}

/** One round over all partitions. A partition that fails is said and does not keep the others from their turn. */
export async function keepHouse(broker: Broker, isStopped: () => boolean = () => false): Promise<void> {
  const { clock, config, log, topics, groups } = broker;
  for (const topic of topics.all()) {
    for (const partition of topic.partitions) {
      if (isStopped()) return;
      try {
        await applyRetention(partition, clock.now());
        if (await cleanLog(partition, clock.now())) log('info', `compacted ${partition.environment.name}`);
        partition.producers.expire(partition.startOffset, clock.now() - config.producerExpirationMs);
      } catch (error) {
        if (topics.get(topic.name) !== topic) break; // It was deleted meanwhile.
        log('error', `housekeeping of ${partition.environment.name} failed: ${reasonOf(error)}`);
      }
    }
  }
  await groups.expire().catch((error: unknown) => log('error', `expiring groups failed: ${reasonOf(error)}`));
}
