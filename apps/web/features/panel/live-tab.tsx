'use client';
import { writerOf } from '@millrace/dataflow';
import type { AppEntity, PartitionEntity } from '@millrace/protocol';
import { CircleSlash, Pause } from 'lucide-react';
import { useEditor, useEditorServices } from '#features/editor/editor-context.tsx';
import { bufferWords } from '#features/live/buffer-words.ts';
import { useEntities, useEntity, useFreshness } from '#lib/engine-client/index.ts';
import { formatClock, formatCount } from '#lib/format.ts';
import { cx } from '#ui/cx.ts';
import { Cell, DataTable, HeadCell, Row } from '#ui/data-table.tsx';
import { Wheel } from '#ui/wheel.tsx';
import { GeneratorPanel } from './generator-panel.tsx';
import { Notices } from './notices.tsx';

/** What runs, partition by partition; what failed; and the sample data that feeds it. */
export function LiveTab() {
  return (
    <div className="grid min-h-full grid-cols-[minmax(0,1fr)_272px] divide-x divide-line max-lg:grid-cols-1 max-lg:divide-x-0 max-lg:divide-y">
      <section
        aria-label="Partitions and failures"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="min-w-0 overflow-x-auto -outline-offset-2"
      >
        <Partitions />
        <Failures />
        <Notices />
      </section>
      <GeneratorPanel />
    </div>
  );
}

const count = (offset: string | null): string => (offset === null ? '—' : formatCount(BigInt(offset)));

function Partitions() {
  const { live, detail } = useEditorServices();
  const status = useEntity(live, 'app', `app:${detail.app}`)?.status;
  const partitions = useEntities(live, 'partition').toSorted((a, b) =>
    a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1,
  );
  const freshness = useFreshness(live as never); // freshness is the same whatever the entities
  // Who has only one worker is not told its name on every line.
  const several = new Set(partitions.map(({ worker }) => worker)).size > 1;
  if (partitions.length === 0) {
    return (
      <p className="px-4 py-4 text-text-2">
        {freshness.kind === 'refused'
          ? `${freshness.message} ${freshness.hint ?? ''}`
          : 'No partition is read now. Deploy the app, or resume it, and its partitions are here with their offsets.'}
      </p>
    );
  }
  return (
    <DataTable label="Partitions" className={cx(freshness.kind === 'stale' && 'text-text-3')}>
      <thead>
        <tr>
          <HeadCell className="!border-t-0 !pl-4">Partition</HeadCell>
          <HeadCell className="!border-t-0">State</HeadCell>
          {several && <HeadCell className="!border-t-0">Worker</HeadCell>}
          <HeadCell className="!border-t-0" numeric>
            Committed
          </HeadCell>
          <HeadCell className="!border-t-0" numeric>
            Read
          </HeadCell>
          <HeadCell className="!border-t-0" numeric>
            End offset
          </HeadCell>
          <HeadCell className="!border-t-0" numeric>
            Lag
          </HeadCell>
          <HeadCell className="!border-t-0">Buffered</HeadCell>
          <HeadCell className="!border-t-0">Stream time</HeadCell>
        </tr>
      </thead>
      <tbody>
        {partitions.map((partition) => {
          const fill = Math.min(1, partition.buffered / Math.max(1, partition.bufferMax));
          return (
            <Row key={partition.id} className="[&>td]:px-1.5">
              <Cell className="max-w-44 !pl-4" title={partition.topic}>
                <span className="flex gap-1">
                  <TopicName topic={partition.topic} /> <strong className="font-semibold">{partition.partition}</strong>
                </span>
              </Cell>
              <Cell>
                <State partition={partition} status={status} />
              </Cell>
              {several && <Cell className="text-text-2">{partition.worker ?? '—'}</Cell>}
              <Cell numeric>{count(partition.committed)}</Cell>
              <Cell numeric>{count(partition.read)}</Cell>
              <Cell numeric>{count(partition.end)}</Cell>
              <Cell numeric className={cx(partition.paused && 'font-semibold text-warn')}>
                {formatCount(partition.lag)}
              </Cell>
              <Cell>
                <span
                  className="flex items-center gap-2"
                  {...(partition.buffered > partition.bufferMax && {
                    title: 'The batch that filled it is taken whole',
                  })}
                >
                  <span aria-hidden="true" className="h-1 w-8 bg-line-2">
                    <span
                      className={cx('block h-full', partition.paused ? 'bg-warn-mark' : 'bg-water')}
                      style={{ width: `${fill * 100}%` }}
                    />
                  </span>
                  <span className="text-12 text-text-2 tabular">
                    {partition.worker === null ? '—' : bufferWords(partition.buffered, partition.bufferMax)}
                  </span>
                </span>
              </Cell>
              <Cell
                className="tabular"
                {...(partition.timeWaitsFor !== null && { title: `Waits for ${partition.timeWaitsFor}` })}
              >
                {partition.streamTimeMs === null ? '—' : formatClock(partition.streamTimeMs)}
              </Cell>
            </Row>
          );
        })}
      </tbody>
    </DataTable>
  );
}

function State({
  partition,
  status,
}: {
  readonly partition: PartitionEntity;
  readonly status: AppEntity['status'] | undefined;
}) {
  if (partition.worker === null)
    return (
      <span className="inline-flex items-center gap-1.5 text-12 text-bad">
        <CircleSlash aria-hidden="true" size={12} />
        Not read
      </span>
    );
  if (!partition.paused)
    return (
      <span className="inline-flex items-center gap-1.5 text-12 text-accent">
        <Wheel turning />
        Reading
      </span>
    );
  return (
    <span className="inline-flex items-center gap-1.5 text-12 text-warn">
      <Pause aria-hidden="true" size={12} />
      {status === 'paused' ? 'Paused' : status === 'restoring' ? 'Restoring' : 'Buffer full'}
    </span>
  );
}

/** Repartition topics by the step that writes them: their own names are long. */
function TopicName({ topic }: { readonly topic: string }) {
  const dataflow = useEditor((state) => state.draft.reading?.dataflow);
  const writer = dataflow && writerOf(dataflow, topic);
  return writer ? (
    <span className="truncate text-text-2">
      {writer.agent}, {writer.step.id}
    </span>
  ) : (
    <span className="truncate">{topic}</span>
  );
}

function Failures() {
  const { live } = useEditorServices();
  const failures = useEntities(live, 'failure')
    .toSorted((a, b) => b.atMs - a.atMs)
    .slice(0, 20);
  if (failures.length === 0) return null;
  return (
    <section aria-labelledby="failures">
      <h2 id="failures" className="px-4 pt-4 pb-2 text-12 font-semibold">
        Newest failures
      </h2>
      <DataTable label="Newest failures">
        <thead>
          <tr>
            <HeadCell className="!pl-4">When</HeadCell>
            <HeadCell>Record</HeadCell>
            <HeadCell>Step</HeadCell>
            <HeadCell>Why</HeadCell>
          </tr>
        </thead>
        <tbody>
          {failures.map((failure) => (
            <Row key={failure.id}>
              <Cell className="!pl-4 tabular">{formatClock(failure.atMs)}</Cell>
              <Cell mono>
                {failure.topic} {failure.partition}·{failure.offset}
              </Cell>
              <Cell className="text-text-2">
                {[failure.agent, failure.step].filter(Boolean).join(', ') || 'decoding'}
              </Cell>
              <Cell className="max-w-80 truncate text-bad" title={failure.reason}>
                {failure.reason}
              </Cell>
            </Row>
          ))}
        </tbody>
      </DataTable>
    </section>
  );
}
