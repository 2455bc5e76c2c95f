import { Kafka, logLevel, type Message, Partitioners } from 'kafkajs';
import { dataDir } from './api.ts';
import { runFile } from './millrace.ts';

export interface LoginEvent {
  readonly ip: string;
  readonly user: string;
  readonly ok: boolean;
  readonly ts: number;
}

/** Deterministic logins: `count` of them, a few per millisecond from `startMs`, over `ips` addresses. */
export function loginEvents(count: number, startMs: number, ips = 20): LoginEvent[] {
  let state = 0x2545f491;
  const random = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  return Array.from({ length: count }, (_, at) => ({
    ip: `203.0.113.${Math.floor(random() ** 2 * ips)}`,
    user: `user-${Math.floor(random() * 50)}`,
    ok: random() < 0.5,
    ts: startMs + at * 7,
  }));
}

/** Where Kafka is: the one that the tests are run against, or the embedded one. */
export const brokers = (): string[] => (process.env['KAFKA_BROKERS'] ?? runFile(dataDir()).kafka).split(',');

/** Writes messages through Kafka itself, with stock KafkaJS, as any producer of a user's would. `pace` is called after every chunk. */
export async function send(
  topic: string,
  messages: readonly Message[],
  pace: (sent: number) => Promise<void> = async () => {},
  chunkSize = 500,
): Promise<void> {
  const kafka = new Kafka({ brokers: brokers(), logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  for (let from = 0; from < messages.length; from += chunkSize) {
    const chunk = messages.slice(from, from + chunkSize);
    await producer.send({ topic, acks: -1, messages: chunk });
    await pace(from + chunk.length);
  }
  await producer.disconnect();
}

export const produce = (
  topic: string,
  events: readonly LoginEvent[],
  pace?: (sent: number) => Promise<void>,
): Promise<void> =>
  send(
    topic,
    events.map((event) => ({ key: event.user, value: JSON.stringify(event) })),
    pace,
  );

/** The oracle: failed logins per address and window `[start, start + sizeMs)`, every `everyMs`, computed from the events alone. Keys: `ip@start`. */
export function failuresPerWindow(events: readonly LoginEvent[], sizeMs: number, everyMs: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const event of events) {
    if (event.ok) continue;
    for (let start = Math.floor(event.ts / everyMs) * everyMs; start > event.ts - sizeMs; start -= everyMs) {
      const key = `${event.ip}@${start}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return counts;
}
