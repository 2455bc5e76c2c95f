import type { Dataflow, KafkaTopic } from '@millrace/dataflow';
import { type TransportAdmin, TransportError } from '@millrace/streams';
import { Refusal } from './refusal.ts';

/**
 * Gives the app's own topics (repartitions, changelogs) that are there already, as an older version has made them, the settings that keep what is written
 * to them (SPEC O9). Topics of people stay as they are. Throws `Refusal` where one may not be changed, with what to set; `TransportError` as the driver does.
 */
export async function amendOwnTopics(admin: TransportAdmin, { topics }: Dataflow): Promise<void> {
  const own = topics.filter(({ role }) => role === 'repartition' || role === 'changelog');
  const there = new Set((await admin.describeTopics(own.map(({ name }) => name))).map(({ name }) => name));
  for (const topic of own) if (there.has(topic.name)) await amend(admin, topic);
}

/** What decides whether a record is taken and kept. Sizes of segments and the like are for whoever runs Kafka to choose. */
const needed = [
  'cleanup.policy',
  'retention.ms',
  'retention.bytes',
  'min.compaction.lag.ms',
  'message.timestamp.type',
  'message.timestamp.before.max.ms',
  'message.timestamp.after.max.ms',
];

async function amend(admin: TransportAdmin, { name, configs }: KafkaTopic): Promise<void> {
  const found = await admin.topicConfigs(name);
  // A setting that is not told is none of this broker's.
  const amended = Object.entries(configs).filter(
    ([key, value]) => needed.includes(key) && found[key] !== undefined && found[key] !== value,
  );
  if (amended.length === 0) return;
  try {
    await admin.alterTopic(name, Object.fromEntries(amended));
  } catch (error) {
    if (!(error instanceof TransportError) || error.retriable) throw error;
    const wanted = amended.map(([key, value]) => `${key}=${value}`).join(', ');
    throw new Refusal(
      `The topic ${name} could lose what the app writes to it, and may not be changed: ${error.message}. Set ${wanted} on it, or let Millrace do so.`,
    );
  }
}
