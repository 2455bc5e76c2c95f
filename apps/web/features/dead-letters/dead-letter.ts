import type { TopicRecord } from '@millrace/protocol';

/** A record of a dead letter topic, with what its headers say of its failure. */
export interface DeadLetter {
  readonly app: string;
  readonly record: TopicRecord;
  /** Where the record came from; null: its headers don't say. */
  readonly origin: { readonly topic: string; readonly partition: number; readonly offset: string } | null;
  readonly reason: string;
  readonly agent: string | null;
  readonly step: string | null;
  readonly atMs: number;
}

/** The headers' names are the runtime's (streams/producer/dead-letter.ts). */
export function deadLetterOf(app: string, record: TopicRecord): DeadLetter {
  const header = (name: string): string | null => record.headers[`millrace.${name}`] ?? null;
  const topic = header('origin.topic');
  const partition = Number(header('origin.partition') ?? Number.NaN);
  const offset = header('origin.offset');
  const at = Number(header('at') ?? Number.NaN);
  return {
    app,
    record,
    origin: topic !== null && offset !== null && Number.isInteger(partition) ? { topic, partition, offset } : null,
    reason: header('error') ?? 'its headers do not say why',
    agent: header('agent'),
    step: header('step'),
    atMs: Number.isFinite(at) ? at : record.timestampMs,
  };
}
