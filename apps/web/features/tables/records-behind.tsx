'use client';
import type { TableReply, TopicRecord } from '@millrace/protocol';
import type { AppDocument } from '@millrace/spec';
import { useQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import Link from 'next/link';
import { offsetText, recordText } from '#features/live/value-text.ts';
import { readBehind } from '#lib/api-client/records.ts';
import { inWords } from '#lib/api-client/request.ts';
import { formatClock, formatCount, plural } from '#lib/format.ts';
import { SkeletonRows } from '#ui/skeleton-rows.tsx';

export interface RecordsBehindProps {
  readonly app: string;
  readonly table: string;
  readonly keyText: string;
  readonly row: TableReply['rows'][number];
  /** How many there were; null: the table does not count them. */
  readonly count: number | null;
  readonly topics: readonly string[];
  readonly document: AppDocument | null;
  readonly held: boolean;
}

const limit = 50;
const everyMs = 3000;
const maxFields = 2;

/** The source records that the chosen row was made of, newest first. */
export function RecordsBehind({ app, table, keyText, row, count, topics, document, held }: RecordsBehindProps) {
  const behind = useQuery({
    queryKey: ['tables', app, table, 'behind', keyText, row.windowStartMs],
    queryFn: ({ signal }) => readBehind(app, table, keyText, row.windowStartMs, limit, signal),
    refetchInterval: !held && row.open ? everyMs : false,
  });
  const records = behind.data?.records ?? [];
  const fields = shownFields(document, table, records);
  const [topic] = topics;
  return (
    <section aria-label="Records behind this row" className="px-4 py-3">
      <h3 className="mb-2 text-12 font-semibold">
        {count === null
          ? 'The records behind this row'
          : count === 1
            ? 'The record behind this count'
            : `The ${formatCount(count)} records behind this count`}
      </h3>
      {behind.isError ? (
        <p role="alert" className="text-12 text-bad">
          {inWords(behind.error)}
        </p>
      ) : behind.isSuccess && records.length === 0 ? (
        <p className="text-12 text-text-2">
          None of them is kept any more{topic === undefined ? '' : `: ${topic} has removed them`}.
        </p>
      ) : (
        <table aria-label="Records" className="w-full table-fixed border-collapse text-left text-12">
          <thead>
            <tr className="text-11 text-text-3 [&_th]:h-6 [&_th]:pr-3 [&_th]:font-normal">
              <th scope="col" className="w-[104px]" title="Partition and offset">
                Record
              </th>
              <th scope="col" className="w-[106px]">
                Event time
              </th>
              {fields.map((name) => (
                <th key={name} scope="col" className="truncate" title={name}>
                  {name}
                </th>
              ))}
              <th scope="col" className="w-6">
                <span className="sr-only">Open</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {behind.isPending && <SkeletonRows rows={6} widths={[70, 80, 60, 60, 10]} />}
            {records.map((record) => (
              <tr key={`${record.partition}/${record.offset}`} className="h-7 border-t border-line [&_td]:pr-3">
                <td
                  className="truncate font-mono text-text-2"
                  title={`Partition ${record.partition}, offset ${offsetText(record.offset)}`}
                >
                  {record.partition}·{offsetText(record.offset)}
                </td>
                <td className="font-mono">{formatClock(record.eventTimeMs ?? record.timestampMs, true)}</td>
                {fields.map((name) => (
                  <td key={name} className="truncate font-mono" title={recordText(fieldOf(record, name))}>
                    {recordText(fieldOf(record, name))}
                  </td>
                ))}
                <td className="w-6 pr-0! text-right">
                  {topic !== undefined && (
                    <Link
                      href={recordHref(topic, app, record)}
                      aria-label={`Open partition ${record.partition}, offset ${record.offset} in ${topic}`}
                      className="inline-flex rounded-tag align-middle text-text-3 hover:text-text"
                    >
                      <ChevronRight aria-hidden="true" size={14} />
                    </Link>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {records.length > 0 && topic !== undefined && (
        <p className="mt-2 text-12 text-text-3">
          {count !== null && records.length < count
            ? `${plural(records.length, 'record')} of ${formatCount(count)}`
            : plural(records.length, 'record')}
          , read from {topic} at the offsets kept
        </p>
      )}
    </section>
  );
}

export const recordHref = (
  topic: string,
  app: string,
  { partition, offset }: Pick<TopicRecord, 'partition' | 'offset'>,
): string =>
  `/topics/${encodeURIComponent(topic)}?${new URLSearchParams({ app, from: 'offset', partition: String(partition), offset, record: `${partition}/${offset}` }).toString()}`;

/** The fields that the table's aggregates read, else the record's first. */
function shownFields(document: AppDocument | null, table: string, records: readonly TopicRecord[]): string[] {
  const read = Object.values(document?.tables[table]?.value ?? {}).flatMap(({ arg }) =>
    arg === undefined ? [] : namesIn(arg),
  );
  const [first] = records;
  const present = first && typeof first.value === 'object' && first.value !== null ? Object.keys(first.value) : [];
  const wanted = [...new Set(read)].filter((name) => present.includes(name));
  return (wanted.length > 0 ? wanted : present).slice(0, maxFields);
}

const namesIn = (expression: string): string[] =>
  [...expression.matchAll(/\bvalue\.(\w+)/g)].flatMap(([, name]) => name ?? []);

function fieldOf(record: TopicRecord, name: string): unknown {
  return typeof record.value === 'object' && record.value !== null
    ? (record.value as Record<string, unknown>)[name]
    : undefined; // as: an object, just seen
}
