'use client';
import Link from 'next/link';
import { SidePanel } from '#features/live/side-panel.tsx';
import { offsetText } from '#features/live/value-text.ts';
import { recordHref } from '#features/tables/records-behind.tsx';
import { RecordBody } from '#features/topics/record-body.tsx';
import { RecordHeaders } from '#features/topics/record-headers.tsx';
import { useWholeRecord } from '#features/topics/whole-record.tsx';
import { formatClock } from '#lib/format.ts';
import { Section } from '#ui/section.tsx';
import type { DeadLetter } from './dead-letter.ts';

/** One record that failed: why, where, its bytes, and the way to it in its topic. */
export function DeadLetterPanel({
  letter,
  topic,
  onClose,
}: {
  readonly letter: DeadLetter;
  readonly topic: string;
  readonly onClose: () => void;
}) {
  const { app, origin, source, reason, agent, step, atMs } = letter;
  const { record, notice } = useWholeRecord(topic, null, letter.record);
  const facts: readonly (readonly [string, string])[] = [
    ['failed', formatClock(atMs, true)],
    ['in', agent === null ? 'decoding' : step === null ? agent : `${agent} / ${step}`],
    ...(origin === null
      ? []
      : ([['from', `${origin.topic}, partition ${origin.partition}, offset ${offsetText(origin.offset)}`]] as const)),
    ...(source === null
      ? []
      : ([
          ['made from', `${source.topic}, partition ${source.partition}, offset ${offsetText(source.offset)}`],
        ] as const)),
    ['kept in', `${topic}, partition ${record.partition}, offset ${offsetText(record.offset)}`],
    ['key', record.keyText ?? 'null'],
  ];
  return (
    <SidePanel
      label="Dead letter"
      title={
        <span className="truncate">
          {app}, offset {offsetText(record.offset)}
        </span>
      }
      copy={{
        label: 'Copy the record and its headers as JSON',
        text: JSON.stringify({ reason, origin, headers: record.headers, raw: record.raw }, null, 2),
      }}
      onClose={onClose}
      footer={
        <>
          <Link href={recordHref(topic, app, record)} className="text-accent hover:underline">
            Open in {topic}
          </Link>
          {origin !== null && (
            <Link href={recordHref(origin.topic, app, origin)} className="text-accent hover:underline">
              Open in {origin.topic}
            </Link>
          )}
          {source !== null && (
            <Link href={recordHref(source.topic, app, source)} className="text-accent hover:underline">
              Open in {source.topic}
            </Link>
          )}
        </>
      }
    >
      <p className="border-b border-line px-4 pb-3 text-13 text-warn wrap-anywhere">{reason}</p>
      {notice}
      <RecordBody record={record} declared={null} />
      <Section title="Failure">
        <dl>
          {facts.map(([name, text]) => (
            <div
              key={name}
              className="grid min-h-7 grid-cols-[76px_minmax(0,1fr)] items-center gap-3 border-b border-line text-12 last:border-0"
            >
              <dt className="text-text-2">{name}</dt>
              <dd className="py-1 font-mono wrap-anywhere">{text}</dd>
            </div>
          ))}
        </dl>
      </Section>
      <RecordHeaders headers={record.headers} />
    </SidePanel>
  );
}
