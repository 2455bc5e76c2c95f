'use client';
import type { TableReply } from '@millrace/protocol';
import { type AppDocument, writeJson } from '@millrace/spec';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { SidePanel } from '#features/live/side-panel.tsx';
import { valueText } from '#features/live/value-text.ts';
import { readKey } from '#lib/api-client/records.ts';
import { inWords } from '#lib/api-client/request.ts';
import { formatClock } from '#lib/format.ts';
import { Section } from '#ui/section.tsx';
import { Tag } from '#ui/tag.tsx';
import { AlertLegend, KeyHistory } from './key-history.tsx';
import { RecordsBehind } from './records-behind.tsx';
import { alertAbove, type Column, sourceTopics } from './table-query.ts';

export interface KeyPanelProps {
  readonly app: string;
  readonly table: string;
  readonly keyText: string;
  readonly columns: readonly Column[];
  readonly main: string | null;
  /** Start of the window that the rows show; null: the key's newest is taken. */
  readonly windowMs: number | null;
  readonly document: AppDocument | null;
  readonly held: boolean;
  readonly onWindow: (startMs: number) => void;
  readonly onClose: () => void;
}

type KeyRow = TableReply['rows'][number];
const everyMs = 2000;

/** One key: its values, its windows one by one, and the records behind them. */
export function KeyPanel({
  app,
  table,
  keyText,
  columns,
  main,
  windowMs,
  document,
  held,
  onWindow,
  onClose,
}: KeyPanelProps) {
  const history = useQuery({
    queryKey: ['tables', app, table, 'key', keyText],
    queryFn: ({ signal }) => readKey(app, table, keyText, signal),
    refetchInterval: held ? false : everyMs,
  });
  const rows: readonly KeyRow[] = history.data?.rows ?? [];
  const shown =
    rows.find((row) => row.windowStartMs === windowMs) ??
    rows.reduce<KeyRow | undefined>(
      (newest, row) => (newest && (newest.windowStartMs ?? 0) >= (row.windowStartMs ?? 0) ? newest : row),
      undefined,
    );
  const alert = main === null ? null : alertAbove(document, table, main);
  const topics = sourceTopics(document, table);
  return (
    <SidePanel
      label={`Key ${keyText}`}
      title={
        <>
          <span className="truncate font-mono text-13">{keyText}</span>
          {shown && <Tag>partition {shown.partition}</Tag>}
        </>
      }
      copy={{
        label: 'Copy the key and its values as JSON',
        text: writeJson({ key: shown?.key ?? keyText, ...shown?.value }, 2),
      }}
      onClose={onClose}
      footer={topics.map((topic) => (
        <Link
          key={topic}
          href={`/topics/${encodeURIComponent(topic)}?app=${encodeURIComponent(app)}`}
          className="ml-auto text-accent hover:underline"
        >
          Open {topic}
        </Link>
      ))}
    >
      <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1 border-b border-line px-4 pb-3">
        {columns.map(({ name, numeric }) => (
          <span key={name} className="text-12 text-text-3">
            <span className={numeric ? 'text-15 font-semibold text-text tabular' : 'font-mono text-12 text-text'}>
              {valueText(shown?.value[name])}
            </span>{' '}
            {name}
          </span>
        ))}
      </div>
      {history.isError && (
        <p role="alert" className="border-b border-line px-4 py-3 text-12 text-bad">
          {inWords(history.error)}
        </p>
      )}
      {history.isSuccess && rows.length === 0 && (
        <p className="border-b border-line px-4 py-3 text-12 text-text-2">
          This key is no longer in the table: its windows expired.
        </p>
      )}
      {main !== null && rows.some((row) => row.windowStartMs !== null) && (
        <Section
          title="History"
          action={
            <span className="inline-flex gap-3 text-12 text-text-3">
              {main}, window by window
              {alert && <AlertLegend alert={alert} />}
            </span>
          }
        >
          <KeyHistory
            rows={rows}
            column={main}
            chosenMs={shown?.windowStartMs ?? null}
            alert={alert}
            onChoose={onWindow}
          />
          {shown?.windowStartMs != null && shown.windowEndMs !== null && (
            <p className="sr-only" aria-live="polite">
              Window {formatClock(shown.windowStartMs)} to {formatClock(shown.windowEndMs)}
            </p>
          )}
        </Section>
      )}
      {shown && (
        <RecordsBehind
          app={app}
          table={table}
          keyText={keyText}
          row={shown}
          count={countOf(document, table, shown)}
          topics={topics}
          document={document}
          held={held}
        />
      )}
    </SidePanel>
  );
}

/** How many records the row was made of, where one of its aggregates counts them. */
function countOf(document: AppDocument | null, table: string, row: KeyRow): number | null {
  const counting = Object.entries(document?.tables[table]?.value ?? {}).find(
    ([, { fn, arg }]) => fn === 'count' && arg === undefined,
  );
  const value = counting && row.value[counting[0]];
  return typeof value === 'number' ? value : null;
}
