import type { sendRecords as sendRecordsSchema } from '@millrace/protocol';
import type { Problem } from '@millrace/spec';
import {
  type Codec,
  compileTopicCodec,
  type ProducedRecord,
  type TopicDescription,
  type Transport,
} from '@millrace/streams';
import type { z } from 'zod';
import { ApiFailure } from '../http/api-failure.ts';
import { systemClock } from '../system-clock.ts';
import type { DeclaredTopic } from './declared-topics.ts';

export type RecordsToSend = z.output<typeof sendRecordsSchema>;

const maxProblems = 20;

interface TopicCodec {
  readonly key: Codec;
  readonly value: Codec;
}

/** Encodes every record with the declared model, then writes them all; none where one does not fit. Throws `ApiFailure` with problems, `TransportError`. */
export async function sendRecords(
  transport: Transport,
  topic: TopicDescription,
  declared: DeclaredTopic | null,
  { records }: RecordsToSend,
): Promise<number> {
  const codec = declared === null ? undeclared : compileTopicCodec(declared.document, declared.id);
  const problems: Problem[] = [];
  const nowMs = systemClock.now();
  const encoded = records.map(({ key, value, timestampMs, partition, headers }, at): ProducedRecord => {
    if (partition !== undefined && (partition < 0 || partition >= topic.partitions)) {
      problems.push({
        code: 'bad-value',
        severity: 'error',
        path: ['records', at, 'partition'],
        message: `${topic.name} has partitions 0 to ${topic.partitions - 1}, not ${partition}`,
      });
    }
    return {
      topic: topic.name,
      key: encode(codec.key, key ?? null, ['records', at, 'key'], problems),
      value: encode(codec.value, value ?? null, ['records', at, 'value'], problems),
      timestampMs: timestampMs ?? nowMs,
      ...(partition === undefined ? {} : { partition }),
      ...(headers === undefined ? {} : { headers }),
    };
  });
  const [first] = problems;
  if (first !== undefined)
    throw new ApiFailure(400, 'invalid-records', first.message, { problems: problems.slice(0, maxProblems) });
  const producer = transport.producer();
  try {
    producer.send(encoded);
    await producer.flush();
  } finally {
    await producer.close();
  }
  return encoded.length;
}

/** Encodes what was written by hand, and reads it back as the topic's readers will: what they would not take is a problem. */
function encode(codec: Codec, written: unknown, path: Problem['path'], problems: Problem[]): Buffer | null {
  if (written === null) return null;
  const bytes = typeof written === 'object' ? Buffer.from(JSON.stringify(written)) : (codec.encode(written) ?? null);
  const read = codec.decode(bytes);
  if (!read.ok) {
    problems.push({ code: 'does-not-fit', severity: 'error', path, message: read.reason });
    return null;
  }
  return bytes;
}

/** Texts as they are, everything else as its JSON. */
const plain: Codec = {
  decode: (bytes) => ({ ok: true, value: bytes }),
  encode: (value) =>
    value === null || value === undefined
      ? null
      : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
};
const undeclared: TopicCodec = { key: plain, value: plain };
