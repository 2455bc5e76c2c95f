import type { TopicDetail } from '@millrace/protocol';
import Link from 'next/link';
import { formatCount, formatRate, formatSpan } from '#lib/format.ts';
import { StripFigure } from '#ui/figure.tsx';
import { recordsAtMost } from './records-at-most.ts';
import { retentionText } from './topic-query.ts';

export interface TopicFiguresProps {
  readonly detail: TopicDetail | undefined;
  /** Of the app that reads; null: none does. */
  readonly lag: number | null;
  readonly drainsMs: number | null;
  readonly deadLetters: number | null;
}

/** The topic in figures, under the page's bar. */
export function TopicFigures({ detail, lag, drainsMs, deadLetters }: TopicFiguresProps) {
  const kept = retentionText(detail?.configs['retention.ms']);
  const compacted = detail?.configs['cleanup.policy']?.includes('compact');
  const declared = detail?.declared;
  return (
    <dl aria-label="Figures" className="flex min-h-[54px] shrink-0 overflow-x-auto border-b border-line">
      <StripFigure label="In" value={detail ? formatRate(detail.perSecond) : '–'} unit="/s" />
      <StripFigure
        label="Lag"
        value={lag === null ? '–' : formatCount(lag)}
        unit={
          drainsMs === null
            ? lag === null && detail
              ? 'nobody reads it'
              : undefined
            : `drains in ${formatSpan(drainsMs)}`
        }
      />
      <StripFigure
        label="Partitions"
        value={detail ? formatCount(detail.partitions) : '–'}
        unit={detail && detail.replication > 1 ? `replicated ${detail.replication} times` : undefined}
      />
      {detail !== undefined && detail.counted !== null ? (
        <StripFigure label="Records" value={formatCount(detail.counted)} />
      ) : (
        <StripFigure
          label="Records, at most"
          value={detail ? formatCount(detail.records) : '–'}
          title={recordsAtMost}
        />
      )}
      <StripFigure
        label="Kept"
        value={compacted ? 'newest' : (kept?.value ?? '–')}
        unit={compacted ? 'of each key' : kept?.unit}
      />
      {declared && (
        <StripFigure label="Key" value={declared.key} unit={codecOf(declared.codec.key, declared.key)} mono />
      )}
      {declared && (
        <StripFigure label="Value" value={declared.value} unit={codecOf(declared.codec.value, declared.value)} mono />
      )}
      {declared && <EventTime from={declared.eventTime} />}
      {deadLetters !== null && (
        <StripFigure
          label="Dead letters"
          value={
            deadLetters === 0 ? (
              '0'
            ) : (
              <Link href="/dead-letters" className="text-warn hover:underline">
                {formatCount(deadLetters)}
              </Link>
            )
          }
        />
      )}
    </dl>
  );
}

/** In the words of the canvas: a field, or whose clock it is. */
function EventTime({ from }: { readonly from: string }) {
  const clock = { record: 'Kafka’s', now: 'as it is read' }[from];
  return <StripFigure label="Event time" value={clock ?? from} mono={clock === undefined} />;
}

/** A string written as a string needs no word; JSON is written as it is called. */
function codecOf(codec: string, type: string): string | undefined {
  return codec === type ? undefined : codec === 'json' ? 'JSON' : codec;
}
