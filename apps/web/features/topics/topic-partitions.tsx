import type { PartitionEntity, TopicDetail } from '@millrace/protocol';
import { CircleSlash, Pause } from 'lucide-react';
import { bufferWords } from '#features/live/buffer-words.ts';
import { flushTable } from '#features/live/flush-table.ts';
import { offsetText } from '#features/live/value-text.ts';
import { formatCount, plural } from '#lib/format.ts';
import { cx } from '#ui/cx.ts';
import { Cell, DataTable, HeadCell, Row } from '#ui/data-table.tsx';
import { SkeletonRows } from '#ui/skeleton-rows.tsx';
import { Sparkline } from '#ui/sparkline.tsx';
import { Wheel } from '#ui/wheel.tsx';
import { recordsAtMost } from './records-at-most.ts';

export interface TopicPartitionsProps {
  readonly detail: TopicDetail | undefined;
  /** Of the app that reads; empty: none does now. */
  readonly positions: readonly PartitionEntity[];
  readonly lags: ReadonlyMap<string, readonly number[]>;
  /** A full buffer is read again below this many records. */
  readonly resumesAt: number | null;
  readonly appPaused: boolean;
  readonly stale: boolean;
}

/** A partition each: how far it goes, and how far the reading app is. */
export function TopicPartitions({ detail, positions, lags, resumesAt, appPaused, stale }: TopicPartitionsProps) {
  const read = positions.length > 0;
  return (
    <section aria-label="Partitions" className="max-h-[178px] shrink-0 overflow-y-auto">
      <DataTable label="Partitions" className={cx(flushTable, stale && 'text-text-3')}>
        <thead>
          <tr>
            <HeadCell>Partition</HeadCell>
            {read && <HeadCell>Task on</HeadCell>}
            {read && <HeadCell numeric>Committed</HeadCell>}
            {read && <HeadCell numeric>Read</HeadCell>}
            {!read && <HeadCell numeric>First offset</HeadCell>}
            <HeadCell numeric>End offset</HeadCell>
            {!read && (
              <HeadCell numeric title={recordsAtMost}>
                Records, at most
              </HeadCell>
            )}
            {read && <HeadCell numeric>Lag</HeadCell>}
            {read && <HeadCell className="max-wide:hidden">Lag, 5 min</HeadCell>}
            {read && <HeadCell>Buffered</HeadCell>}
            {read && <HeadCell>State</HeadCell>}
          </tr>
        </thead>
        <tbody>
          {!detail && !read && <SkeletonRows rows={4} widths={[20, 70, 70, 60]} />}
          {read
            ? positions
                .toSorted((a, b) => a.partition - b.partition)
                .map((position) => (
                  <PositionRow
                    key={position.id}
                    position={position}
                    history={lags.get(position.id) ?? []}
                    resumesAt={resumesAt}
                    appPaused={appPaused}
                    stale={stale}
                  />
                ))
            : detail?.offsets.map(({ partition, earliest, latest }) => (
                <Row key={partition}>
                  <Cell className="tabular">{partition}</Cell>
                  <Cell numeric>{offsetText(earliest)}</Cell>
                  <Cell numeric>{offsetText(latest)}</Cell>
                  <Cell numeric>{formatCount(BigInt(latest) - BigInt(earliest))}</Cell>
                </Row>
              ))}
        </tbody>
      </DataTable>
    </section>
  );
}

function PositionRow({
  position,
  history,
  resumesAt,
  appPaused,
  stale,
}: {
  readonly position: PartitionEntity;
  readonly history: readonly number[];
  readonly resumesAt: number | null;
  readonly appPaused: boolean;
  readonly stale: boolean;
}) {
  const { buffered, bufferMax } = position;
  const full = position.paused && !appPaused;
  return (
    <Row>
      <Cell className="tabular">{position.partition}</Cell>
      <Cell>{position.worker ?? '–'}</Cell>
      <Cell numeric>{position.committed === null ? '–' : offsetText(position.committed)}</Cell>
      <Cell numeric>{offsetText(position.read)}</Cell>
      <Cell numeric>{offsetText(position.end)}</Cell>
      <Cell numeric className={cx(full && 'font-semibold text-warn')}>
        {formatCount(position.lag)}
        {position.tombstones > 0 && (
          <span
            className="block text-12 font-normal text-text-3"
            title="Records with a null value delete their key: steps pass over them"
          >
            {plural(position.tombstones, 'tombstone')} passed over
          </span>
        )}
      </Cell>
      <Cell className="py-0 max-wide:hidden">
        <Sparkline points={history} width={150} height={18} tone={full ? 'warn' : 'water'} stale={stale} />
      </Cell>
      <Cell>
        <span className="inline-flex items-center gap-2">
          <span aria-hidden="true" className="h-1.5 w-[92px] overflow-hidden rounded-[1px] bg-line-2">
            <span
              className={cx('block h-full', stale ? 'bg-outline' : full ? 'bg-warn-mark' : 'bg-water')}
              style={{ width: `${Math.min(100, (buffered / Math.max(1, bufferMax)) * 100)}%` }}
            />
          </span>
          <span className="tabular">{position.worker === null ? '–' : bufferWords(buffered, bufferMax)}</span>
        </span>
      </Cell>
      <Cell>
        {position.worker === null ? (
          <State words="Not read" icon="off" className="text-bad" />
        ) : appPaused ? (
          <State words="Paused" icon="pause" className="text-text-2" />
        ) : full ? (
          <State
            words="Paused, buffer full"
            icon="pause"
            className="text-warn"
            note={resumesAt === null ? undefined : `resumes at ${formatCount(resumesAt)}`}
          />
        ) : (
          <State words="Reading" icon="wheel" className={stale ? 'text-text-3' : 'text-accent'} turning={!stale} />
        )}
      </Cell>
    </Row>
  );
}

function State({
  words,
  icon,
  className,
  note,
  turning = false,
}: {
  readonly words: string;
  readonly icon: 'pause' | 'wheel' | 'off';
  readonly className: string;
  readonly note?: string | undefined;
  readonly turning?: boolean;
}) {
  return (
    <span className={cx('inline-flex items-center gap-1.5', className)}>
      {icon === 'pause' && <Pause aria-hidden="true" size={13} />}
      {icon === 'off' && <CircleSlash aria-hidden="true" size={13} />}
      {icon === 'wheel' && <Wheel size={13} turning={turning} />}
      {words}
      {note !== undefined && <span className="text-12 text-text-3">{note}</span>}
    </span>
  );
}
