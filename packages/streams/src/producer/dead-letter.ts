import type { RecordFailure } from '../topology/topology.ts';
import type { ProducedRecord } from '../transport/record.ts';

/** A failed record as it goes to the dead letter topic: its own key and value bytes, and in headers where it came from and why it failed. */
export const deadLetter = (
  failure: RecordFailure,
  options: { readonly app: string; readonly topic: string; readonly atMs: number },
): ProducedRecord => ({
  topic: options.topic,
  key: failure.key,
  value: failure.value,
  timestampMs: options.atMs,
  headers: {
    'millrace.app': options.app,
    'millrace.kind': failure.kind,
    'millrace.error': failure.reason,
    ...(failure.agent === undefined ? {} : { 'millrace.agent': failure.agent }),
    ...(failure.step === undefined ? {} : { 'millrace.step': failure.step }),
    'millrace.origin.topic': failure.topic,
    'millrace.origin.partition': String(failure.partition),
    'millrace.origin.offset': String(failure.offset),
    'millrace.origin.timestamp': String(failure.timestampMs),
    'millrace.at': String(options.atMs),
  },
});
