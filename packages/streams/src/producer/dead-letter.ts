import type { RecordFailure } from '../topology/topology.ts';
import type { ProducedRecord } from '../transport/record.ts';
import { textHeaders } from '../transport/record-headers.ts';
import { LetterMaking } from './making.ts';

/**
 * A failed record as it goes to the dead letter topic: its own key, value and headers, and behind those where it came from and why it failed.
 * One whose bytes are too many has a note of them instead.
 */
export const deadLetter = (
  failure: RecordFailure,
  options: { readonly app: string; readonly topic: string; readonly atMs: number },
): ProducedRecord => ({
  topic: options.topic,
  key: failure.key,
  value: failure.note === undefined ? failure.value : Buffer.from(JSON.stringify(failure.note)),
  timestampMs: options.atMs,
  making: new LetterMaking(failure),
  headers: [
    ...(failure.headers ?? []),
    ...textHeaders([
      ['millrace.app', options.app],
      ['millrace.kind', failure.kind],
      ['millrace.error', failure.reason],
      ...(failure.agent === undefined ? [] : [['millrace.agent', failure.agent] as const]),
      ...(failure.step === undefined ? [] : [['millrace.step', failure.step] as const]),
      ['millrace.origin.topic', failure.topic],
      ['millrace.origin.partition', String(failure.partition)],
      ['millrace.origin.offset', String(failure.offset)],
      ...(failure.endOffset === undefined ? [] : [['millrace.origin.end', String(failure.endOffset)] as const]),
      ['millrace.origin.timestamp', String(failure.timestampMs)],
      ...(failure.table === undefined ? [] : [['millrace.table', failure.table] as const]),
      ...(failure.source === undefined
        ? []
        : ([
            ['millrace.source.topic', failure.source.topic],
            ['millrace.source.partition', String(failure.source.partition)],
            ['millrace.source.offset', String(failure.source.offset)],
          ] as const)),
      ...(failure.note === undefined ? [] : [['millrace.too-large', failure.note.target] as const]),
      ['millrace.at', String(options.atMs)],
    ]),
  ],
});
