import { uncommittedTopics } from '@millrace/dataflow';
import { groupName } from '@millrace/spec';
import type { Sensor } from '../sensors/sensor.ts';
import { repartitionTopics, type Topology } from '../topology/topology.ts';
import type { TransportAdmin } from '../transport/admin.ts';
import type { GroupConsumer, GroupConsumerListener } from '../transport/group-consumer.ts';
import type { PartitionReader } from '../transport/partition-reader.ts';
import type { RecordProducer, RecordProducerOptions } from '../transport/record-producer.ts';
import type { Transport } from '../transport/transport.ts';

/** What a session holds of the transport. */
export interface Connections {
  readonly admin: TransportAdmin;
  readonly reader: PartitionReader;
  readonly producer: RecordProducer;
  readonly consumer: GroupConsumer;
}

export const connect = (
  transport: Transport,
  topology: Topology,
  workerId: string,
  listener: GroupConsumerListener,
  tooLarge: NonNullable<RecordProducerOptions['tooLarge']>,
): Connections => {
  const clientId = `${topology.app}-${workerId}`;
  return {
    admin: transport.admin(),
    reader: transport.reader(),
    producer: transport.producer({ clientId, tooLarge }),
    consumer: transport.consumer(
      {
        groupId: groupName(topology.app),
        startFrom: topology.dataflow.settings.startFrom,
        // What the app has sent itself through them is its own, from the first record on (SPEC R7).
        fromEarliest: [...repartitionTopics(topology.dataflow)],
        clientId,
        copartitioned: topology.subtopologies.map((subtopology) => subtopology.sources),
        uncommitted: uncommittedTopics(topology.dataflow),
      },
      listener,
    ),
  };
};

/**
 * Leaves the group, which revokes, then closes the rest. A failure of one is told to the sensor and keeps none of the others open.
 * Once it resolves nothing more is written.
 */
export const disconnect = async (
  { admin, reader, producer, consumer }: Connections,
  sensor: Sensor | undefined,
): Promise<void> => {
  const steps: readonly (readonly [string, () => Promise<void>])[] = [
    ['leaving the group', () => consumer.stop()],
    ['closing the producer', () => producer.close()],
    ['closing the reader', () => reader.close()],
    ['closing the admin', () => admin.close()],
  ];
  for (const [during, close] of steps) {
    try {
      await close();
    } catch (error) {
      sensor?.failed?.(error, during);
    }
  }
};
