import type { sendRecords as sendRecordsSchema } from '@millrace/protocol';
import { durationWords, type Problem } from '@millrace/spec';
import {
  compileTopicCodec,
  eventTimeReader,
  type ProducedRecord,
  type TopicDescription,
  type Transport,
  TransportError,
} from '@millrace/streams';
import type { z } from 'zod';
import { ApiFailure } from '../http/api-failure.ts';
import { systemClock } from '../system-clock.ts';
import type { DeclaredTopic } from './declared-topics.ts';
import { sentHeaders } from './record-headers.ts';
import { topicByHand, undeclared, type WrittenByHand } from './written-by-hand.ts';

export type RecordsToSend = z.output<typeof sendRecordsSchema>;

const maxProblems = 20;
/** How long whoever sends waits for Kafka to take the records. */
const patienceMs = 20_000;

export interface Sent {
  readonly sent: number;
  /** In words: what was written and will not stay. */
  readonly warnings: readonly string[];
}

/** Encodes every record with the declared model, then writes them all; none where one does not fit; one that is too large for the topic is told, the others are written. `keptMs`: how long the topic keeps its records; Infinity: for ever. Throws `ApiFailure` with problems or where Kafka does not take them in time, `TransportError`. */
export async function sendRecords(
  transport: Transport,
  topic: TopicDescription,
  declared: DeclaredTopic | null,
  { records }: RecordsToSend,
  keptMs: number,
): Promise<Sent> {
  const codec = declared === null ? undeclared : topicByHand(declared);
  const problems: Problem[] = [];
  const nowMs = systemClock.now();
  const readTime = declared === null ? null : timeReader(declared);
  const encoded = records.map(({ key, value, timestampMs, partition, headers }, at): ProducedRecord => {
    if (partition !== undefined && (partition < 0 || partition >= topic.partitions)) {
      problems.push({
        code: 'bad-value',
        severity: 'error',
        path: ['records', at, 'partition'],
        message: `${topic.name} has partitions 0 to ${topic.partitions - 1}, not ${partition}`,
      });
    }
    const list = sentHeaders(headers);
    const record = {
      topic: topic.name,
      key: encode(codec.key, key ?? null, ['records', at, 'key'], problems),
      value: encode(codec.value, value ?? null, ['records', at, 'value'], problems),
      timestampMs: timestampMs ?? nowMs,
    };
    const reason = record.value === null ? null : (readTime?.(record.value, record.timestampMs, nowMs) ?? null);
    if (reason !== null)
      problems.push({
        code: 'no-event-time',
        severity: 'error',
        path: ['records', at, declared?.topic.eventTime.from === 'record' ? 'timestampMs' : 'value'],
        message: reason,
      });
    return {
      ...record,
      ...(partition === undefined ? {} : { partition }),
      ...(list.length === 0 ? {} : { headers: list }),
    };
  });
  const [first] = problems;
  if (first !== undefined)
    throw new ApiFailure(400, 'invalid-records', first.message, { problems: problems.slice(0, maxProblems) });
  const tooLarge: Problem[] = [];
  const producer = transport.producer({
    patienceMs,
    tooLarge: (record, { message }) =>
      tooLarge.push({
        code: 'too-large',
        severity: 'error',
        path: ['records', encoded.indexOf(record)],
        message: `too large for ${topic.name}: ${message}`,
      }),
  });
  try {
    producer.send(encoded);
    await producer.flush();
  } catch (error) {
    if (!(error instanceof TransportError) || error.code !== 'timeout') throw error;
    throw new ApiFailure(503, 'kafka-does-not-take', `${topic.name}: ${error.message}`, {
      hint: 'Some of the records may have been written, others not: look at the end of the topic before you send them again.',
    });
  } finally {
    await producer.close();
  }
  const [large] = tooLarge;
  if (large !== undefined)
    throw new ApiFailure(413, 'too-large', large.message, {
      hint: `The other ${encoded.length - tooLarge.length} were written. The topic's max.message.bytes says how much it takes.`,
      problems: tooLarge.slice(0, maxProblems),
    });
  const older = encoded.filter(({ timestampMs }) => timestampMs < nowMs - keptMs).length;
  return { sent: encoded.length, warnings: older === 0 ? [] : [olderWords(topic.name, older, encoded.length, keptMs)] };
}

const olderWords = (topic: string, older: number, sent: number, keptMs: number): string =>
  `${older === sent ? 'All' : older} of ${sent} records are older than ${topic} keeps (${durationWords(keptMs)}): Kafka deletes them when it next looks. Give the topic a longer retention, or leave timestampMs out.`;

/** Why the event time of a record's value is none that an app takes; null: it is one. */
function timeReader({
  document,
  id,
  topic,
}: DeclaredTopic): (value: Buffer, recordMs: number, nowMs: number) => string | null {
  const { value: codec } = compileTopicCodec(document, id);
  const timeOf = eventTimeReader(topic, document);
  return (bytes, recordMs, nowMs) => {
    const value = codec.decode(bytes);
    const time = value.ok ? timeOf(value.value, recordMs, nowMs) : null;
    return time === null || time.ok ? null : time.reason;
  };
}

/** What of a record's part is written to Kafka, or a problem. */
function encode(write: WrittenByHand, written: unknown, path: Problem['path'], problems: Problem[]): Buffer | null {
  if (written === null) return null;
  const encoded = write(written);
  if (encoded.ok) return encoded.bytes;
  problems.push({ code: 'does-not-fit', severity: 'error', path, message: encoded.reason });
  return null;
}
