import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { events, partitionCount } from './events.ts';

/** Out of step with every timer of a reader, ms. */
const everyMs = 137;

/**
 * Writes records one by one, with silence between them, each to the next partition. Answers, ms each, how long it took from the call that
 * wrote it until `seen` had counted it.
 */
export async function loneRecords(
  brokers: string,
  topic: string,
  records: number,
  seen: () => number,
): Promise<readonly number[]> {
  const kafka = new Kafka({ clientId: 'lone', brokers: brokers.split(','), logLevel: logLevel.ERROR });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const latenciesMs: number[] = [];
  for (const { key, value, timestampMs } of events(0, records)) {
    await sleep(everyMs);
    const before = seen();
    const partition = latenciesMs.length % partitionCount;
    const sentMs = performance.now();
    await producer.send({ topic, messages: [{ partition, key, value, timestamp: String(timestampMs) }] });
    while (seen() === before) await sleep(1);
    latenciesMs.push(performance.now() - sentMs);
  }
  await producer.disconnect();
  return latenciesMs;
}
