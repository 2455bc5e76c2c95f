'use client';
import type { PartitionEntity, TopicRecord } from '@millrace/protocol';
import { writeJson } from '@millrace/spec';
import { Check, Hourglass } from 'lucide-react';
import type { ReactNode } from 'react';
import { SidePanel } from '#features/live/side-panel.tsx';
import { offsetText } from '#features/live/value-text.ts';
import { formatBytes, formatClock, formatSpan } from '#lib/format.ts';
import { Section } from '#ui/section.tsx';
import { RecordBody } from './record-body.tsx';
import { RecordHeaders } from './record-headers.tsx';
import type { Declared } from './topic-query.ts';
import { useWholeRecord } from './whole-record.tsx';

export interface RecordPanelProps {
  readonly topic: string;
  readonly record: TopicRecord;
  readonly declared: Declared | null;
  /** Where the reading app is in the record's partition. */
  readonly position: PartitionEntity | undefined;
  readonly app: string | null;
  readonly onClose: () => void;
}

/** One record: its value in three forms, its facts, its headers, and how far the app is with it. */
export function RecordPanel({ topic, record: listed, declared, position, app, onClose }: RecordPanelProps) {
  const { record, notice } = useWholeRecord(topic, app, listed);
  const size = formatBytes(record.sizeBytes);
  const laterMs = record.eventTimeMs === null ? null : record.timestampMs - record.eventTimeMs;
  return (
    <SidePanel
      label={`Partition ${record.partition}, offset ${record.offset}`}
      title={`Partition ${record.partition}, offset ${offsetText(record.offset)}`}
      copy={{
        label: 'Copy the record as JSON',
        text: writeJson(
          {
            key: record.key,
            value: record.value,
            headers: record.headers,
            partition: record.partition,
            offset: record.offset,
            timestampMs: record.timestampMs,
          },
          2,
        ),
      }}
      onClose={onClose}
    >
      {notice}
      <RecordBody record={record} declared={declared} />
      <Section title="Record">
        <dl>
          <Fact name="key" note={declared?.key}>
            {record.keyText ?? 'null'}
          </Fact>
          {record.eventTimeMs !== null && (
            <Fact name="event time" note={declared ? `from ${declared.eventTime}` : undefined}>
              {formatClock(record.eventTimeMs, true)}
            </Fact>
          )}
          <Fact
            name="appended"
            note={
              laterMs === null || laterMs < 0
                ? undefined
                : laterMs < 1000
                  ? `${laterMs} ms later`
                  : `${formatSpan(laterMs)} later`
            }
          >
            {formatClock(record.timestampMs, true)}
          </Fact>
          <Fact name="size" note="key and value">
            {size.value} {size.unit}
          </Fact>
        </dl>
      </Section>
      <RecordHeaders headers={record.headers} />
      {position && app !== null && (
        <Section title={`In ${app}`}>
          <dl>
            <Progress
              name="processed"
              done={BigInt(record.offset) < BigInt(position.read)}
              note={`read to ${offsetText(position.read)}`}
            />
            <Progress
              name="committed"
              done={position.committed !== null && BigInt(record.offset) < BigInt(position.committed)}
              note={position.committed === null ? undefined : `committed to ${offsetText(position.committed)}`}
            />
          </dl>
        </Section>
      )}
    </SidePanel>
  );
}

function Fact({
  name,
  note,
  children,
}: {
  readonly name: string;
  readonly note?: string | undefined;
  readonly children: ReactNode;
}) {
  return (
    <div className="grid min-h-7 grid-cols-[minmax(84px,auto)_minmax(0,1fr)_auto] items-center gap-3 border-b border-line text-12 last:border-0">
      <dt className="max-w-[160px] truncate text-text-2" title={name}>
        {name}
      </dt>
      <dd className="py-1 font-mono wrap-anywhere">{children}</dd>
      <dd className="text-text-3 tabular">{note}</dd>
    </div>
  );
}

function Progress({
  name,
  done,
  note,
}: {
  readonly name: string;
  readonly done: boolean;
  readonly note: string | undefined;
}) {
  return (
    <Fact name={name} note={note}>
      <span className="inline-flex items-center gap-1.5 font-sans">
        {done ? (
          <Check aria-hidden="true" size={13} className="text-accent" />
        ) : (
          <Hourglass aria-hidden="true" size={12} className="text-text-3" />
        )}
        {done ? 'yes' : 'not yet'}
      </span>
    </Fact>
  );
}
