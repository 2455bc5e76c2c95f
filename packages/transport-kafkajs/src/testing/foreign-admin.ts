import { Kafka, logLevel } from 'kafkajs';

/** Deletes a group and all that it has committed, as stock KafkaJS and Kafka's own tools do. It must have no members. */
export async function deleteGroup(brokers: readonly string[], groupId: string): Promise<void> {
  const admin = new Kafka({ clientId: 'foreign', brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.deleteGroups([groupId]);
  await admin.disconnect();
}
