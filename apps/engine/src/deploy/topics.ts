import type { Topology, TransportAdmin } from '@millrace/streams';
import { Refusal } from './refusal.ts';

/**
 * Creates the topics of a version that are not there. An existing one is left as it is.
 * Throws `Refusal` where one has another partition count, naming it; `TransportError` as the driver does.
 */
export async function ensureTopics(admin: TransportAdmin, topology: Topology): Promise<readonly string[]> {
  const there = new Map(
    (await admin.describeTopics(topology.topics.map(({ name }) => name))).map((topic) => [topic.name, topic]),
  );
  for (const { name, partitions, role } of topology.topics) {
    const found = there.get(name)?.partitions ?? partitions;
    if (found === partitions) continue;
    const remedy =
      role === 'topic'
        ? `Say partitions: ${found} in the document, or use another topic.`
        : 'Its sources had another partition count: use another id, or delete the topic.';
    throw new Refusal(
      `The topic ${name} has ${found} partitions in Kafka, the document needs ${partitions}. ${remedy}`,
    );
  }
  const missing = topology.topics.filter(({ name }) => !there.has(name));
  if (missing.length === 0) return [];
  return admin.createTopics(
    missing.map(({ name, partitions, replication, configs }) => ({ name, partitions, replication, configs })),
  );
}
