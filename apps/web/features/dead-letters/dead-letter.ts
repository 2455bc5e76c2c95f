import type { TopicRecord } from '@millrace/protocol';

/** A record of a dead letter topic, with what its headers say of its failure. */
export interface DeadLetter {
  readonly app: string;
  readonly record: TopicRecord;
  /** Where the record came from; null: its headers don't say. */
  readonly origin: { readonly topic: string; readonly partition: number; readonly offset: string } | null;
  /** Where that was made from a record of another topic, behind a group_by: that record. */
  readonly source: DeadLetter['origin'];
  readonly reason: string;
  readonly agent: string | null;
  readonly step: string | null;
  readonly atMs: number;
}

/** The headers' names are the runtime's (streams/producer/dead-letter.ts). */
export function deadLetterOf(app: string, record: TopicRecord): DeadLetter {
  // The runtime's stand behind the record's own, which may have the same names: the last one counts.
  const header = (name: string): string | null =>
    record.headers.findLast((each) => each.name === `millrace.${name}`)?.text ?? null;
  const place = (of: 'origin' | 'source'): DeadLetter['origin'] => {
    const topic = header(`${of}.topic`);
    const partition = Number(header(`${of}.partition`) ?? Number.NaN);
    const offset = header(`${of}.offset`);
    // A change of a table stands at no offset.
    const isPlace = topic !== null && offset !== null && /^\d+$/.test(offset) && Number.isInteger(partition);
    return isPlace ? { topic, partition, offset } : null;
  };
  const at = Number(header('at') ?? Number.NaN);
  return {
    app,
    record,
    origin: place('origin'),
    source: place('source'),
    reason: header('error') ?? 'its headers do not say why',
    agent: header('agent'),
    step: header('step'),
    atMs: Number.isFinite(at) ? at : record.timestampMs,
  };
}
