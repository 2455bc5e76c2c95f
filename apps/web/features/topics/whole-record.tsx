'use client';
import type { TopicRecord } from '@millrace/protocol';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { readRecord } from '#lib/api-client/records.ts';
import { inWords } from '#lib/api-client/request.ts';
import { formatBytes } from '#lib/format.ts';
import { TextButton } from '#ui/text-button.tsx';

/** A large record of a list, shown in part: the whole of it once that was asked for, and until then the words that say so. */
export function useWholeRecord(
  topic: string,
  app: string | null,
  record: TopicRecord,
): { readonly record: TopicRecord; readonly notice: ReactNode } {
  const { partition, offset, cut, sizeBytes } = record;
  const whole = useQuery({
    queryKey: ['topics', topic, 'whole', app, partition, offset],
    queryFn: () => readRecord(topic, { partition, offset }, app ?? undefined),
    enabled: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  if (!cut || whole.data) return { record: whole.data ?? record, notice: null };
  const size = formatBytes(sizeBytes);
  return {
    record,
    notice: (
      <p role="status" className="border-b border-line px-4 py-2 text-12 text-text-2">
        {whole.isError
          ? inWords(whole.error)
          : whole.data === null
            ? 'It is no longer kept: this part is all there is.'
            : 'Shown in part.'}{' '}
        {whole.data !== null && (
          <TextButton disabled={whole.isFetching} onClick={() => void whole.refetch()}>
            {whole.isFetching ? 'Reading…' : `Read all ${size.value} ${size.unit}`}
          </TextButton>
        )}
      </p>
    ),
  };
}
