import type { TransportAdmin } from '../admin.ts';
import type { GroupConsumer, GroupConsumerListener, GroupConsumerOptions } from '../group-consumer.ts';
import type { PartitionReader } from '../partition-reader.ts';
import type { RecordProducer, RecordProducerOptions } from '../record-producer.ts';
import type { Transport } from '../transport.ts';
import { MemoryAdmin } from './memory-admin.ts';
import type { MemoryBroker } from './memory-broker.ts';
import { MemoryConsumer } from './memory-consumer.ts';
import { MemoryProducer } from './memory-producer.ts';
import { MemoryReader } from './memory-reader.ts';

/** The memory driver: one client of a `MemoryBroker`. `close` is a crash to what is still open: nothing is flushed, no listener called. */
export class MemoryTransport implements Transport {
  readonly name = 'memory';
  readonly #broker: MemoryBroker;
  readonly #consumers: MemoryConsumer[] = [];
  readonly #producers: MemoryProducer[] = [];
  readonly #readers: MemoryReader[] = [];

  constructor(broker: MemoryBroker) {
    this.#broker = broker;
  }

  admin(): TransportAdmin {
    return new MemoryAdmin(this.#broker);
  }

  producer(options: RecordProducerOptions = {}): RecordProducer {
    const producer = new MemoryProducer(this.#broker, options);
    this.#producers.push(producer);
    return producer;
  }

  consumer(options: GroupConsumerOptions, listener: GroupConsumerListener): GroupConsumer {
    const consumer = new MemoryConsumer(this.#broker, options, listener);
    this.#consumers.push(consumer);
    return consumer;
  }

  reader(): PartitionReader {
    const reader = new MemoryReader(this.#broker);
    this.#readers.push(reader);
    return reader;
  }

  async close(): Promise<void> {
    for (const consumer of this.#consumers) consumer.drop();
    for (const producer of this.#producers) producer.drop();
    for (const reader of this.#readers) await reader.close();
  }
}
