'use client';
import type { EngineEntity, HealthEntity } from '@millrace/protocol';
import { HardDrive, type LucideIcon, Plug, RotateCcw, TriangleAlert, Unplug } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { HealthFigures } from '#features/engines/health-figures.tsx';
import { useNow } from '#features/shell/health-banners.tsx';
import { PageFrame } from '#features/shell/page-frame.tsx';
import { retryConnections } from '#lib/api-client/engine.ts';
import { inWords } from '#lib/api-client/request.ts';
import { useChannel, useEntities, useEntity, useFreshness } from '#lib/engine-client/index.ts';
import { formatBytes, formatClock, formatCount, formatSpan, formatTenths, plural } from '#lib/format.ts';
import { Button } from '#ui/button.tsx';
import { cx } from '#ui/cx.ts';
import { Cell, DataTable, HeadCell, Row } from '#ui/data-table.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { Figure } from '#ui/figure.tsx';
import { SkeletonRows } from '#ui/skeleton-rows.tsx';
import { Wheel } from '#ui/wheel.tsx';

/** What runs the apps, and what it stands on: engines with their workers, Kafka, Postgres, the disk. */
export function EnginesPage() {
  const workspace = useChannel({ channel: 'workspace' });
  const engines = useEntities(workspace, 'engine');
  const kafka = useEntity(workspace, 'health', 'health:kafka');
  const postgres = useEntity(workspace, 'health', 'health:postgres');
  const disk = useEntity(workspace, 'health', 'health:disk');
  const freshness = useFreshness(workspace);
  const now = useNow();
  const stale = freshness.kind === 'stale';
  return (
    <PageFrame crumbs={[{ label: 'Engines' }]}>
      <div className="relative min-h-0 flex-1 overflow-auto pb-8">
        <div className="grid grid-cols-2 divide-x divide-line border-b border-line max-lg:grid-cols-1 max-lg:divide-x-0 max-lg:divide-y">
          <Health name="Kafka" health={kafka} now={now} stale={stale} />
          <Health name="Postgres" health={postgres} now={now} stale={stale} />
        </div>
        {disk && <Disk health={disk} stale={stale} />}
        <DataTable label="Engines and workers" className={cx('[&_th]:border-t-0', stale && 'text-text-3')}>
          <thead>
            <tr>
              <HeadCell>Engine</HeadCell>
              <HeadCell>State</HeadCell>
              <HeadCell numeric>Process</HeadCell>
              <HeadCell numeric>Up</HeadCell>
              <HeadCell numeric>Restarts</HeadCell>
              <HeadCell numeric>Tasks</HeadCell>
              <HeadCell numeric>CPU</HeadCell>
              <HeadCell numeric>Heap</HeadCell>
            </tr>
          </thead>
          <tbody>
            {freshness.kind === 'waiting' && <SkeletonRows rows={3} widths={[120, 80, 50, 50, 20, 20, 40, 60]} />}
            {engines.flatMap((engine) => [
              <EngineRow key={engine.id} engine={engine} now={now} stale={stale} />,
              ...engine.workers.map((worker) => (
                <WorkerRow key={`${engine.id}/${worker.id}`} worker={worker} now={now} stale={stale} />
              )),
            ])}
          </tbody>
        </DataTable>
        {freshness.kind === 'live' && engines.length === 0 && (
          <EmptyState title="No engine runs">
            Apps do not run until one is started. What was processed so far is kept in Kafka.
          </EmptyState>
        )}
      </div>
    </PageFrame>
  );
}

function EngineRow({
  engine,
  now,
  stale,
}: {
  readonly engine: EngineEntity;
  readonly now: number;
  readonly stale: boolean;
}) {
  return (
    <Row className="bg-inset hover:bg-inset">
      <Cell className="font-semibold">{engine.name}</Cell>
      <Cell>
        <State running stale={stale} words="Running" />
      </Cell>
      <Cell numeric>–</Cell>
      <Cell numeric>{now > 0 ? formatSpan(now - engine.startedMs) : ''}</Cell>
      <Cell numeric>–</Cell>
      <Cell numeric>{formatCount(engine.tasks)}</Cell>
      <Cell numeric>
        <Figure value={formatTenths(engine.cpuPercent)} unit="%" />
      </Cell>
      <Cell numeric>
        <Size bytes={engine.heapBytes} />
      </Cell>
    </Row>
  );
}

const states = { starting: 'Starting', running: 'Running', restarting: 'Starting again' } as const;

function WorkerRow({
  worker,
  now,
  stale,
}: {
  readonly worker: EngineEntity['workers'][number];
  readonly now: number;
  readonly stale: boolean;
}) {
  return (
    <Row>
      <Cell className="pl-10! text-text-2">{worker.id}</Cell>
      <Cell>
        <State running={worker.state === 'running'} stale={stale} words={states[worker.state]} />
      </Cell>
      <Cell numeric>{worker.pid}</Cell>
      <Cell numeric>{now > 0 ? formatSpan(now - worker.startedMs) : ''}</Cell>
      <Cell numeric className={cx(worker.restarts > 0 && 'text-warn')}>
        {formatCount(worker.restarts)}
      </Cell>
      <Cell numeric>{formatCount(worker.tasks)}</Cell>
      <Cell numeric>
        <Figure value={formatTenths(worker.cpuPercent)} unit="%" />
      </Cell>
      <Cell numeric>
        <Size bytes={worker.heapBytes} />
      </Cell>
    </Row>
  );
}

function State({
  running,
  stale,
  words,
}: {
  readonly running: boolean;
  readonly stale: boolean;
  readonly words: string;
}) {
  return (
    <span
      className={cx(
        'inline-flex items-center gap-1.5 align-middle',
        stale ? 'text-text-3' : running ? 'text-accent' : 'text-warn',
      )}
    >
      {running ? <Wheel size={13} turning={!stale} /> : <RotateCcw aria-hidden="true" size={13} />}
      {words}
    </span>
  );
}

function Size({ bytes }: { readonly bytes: number }) {
  const size = formatBytes(bytes);
  return <Figure value={size.value} unit={size.unit} />;
}

/** How something is: icon, colour and word. */
function Condition({
  icon: Icon,
  tone,
  children,
}: {
  readonly icon: LucideIcon;
  readonly tone: string;
  readonly children: ReactNode;
}) {
  return (
    <span className={cx('inline-flex items-center gap-1.5', tone)}>
      <Icon aria-hidden="true" size={14} />
      {children}
    </span>
  );
}

/** Of the data folder: a line, for it is nobody that could fail to answer. */
function Disk({ health, stale }: { readonly health: HealthEntity; readonly stale: boolean }) {
  return (
    <section
      aria-label="Disk"
      className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-6 py-3 text-13"
    >
      <h2 className="font-semibold">Disk</h2>
      <Condition
        icon={health.ok ? HardDrive : TriangleAlert}
        tone={stale ? 'text-text-3' : health.ok ? 'text-accent' : 'text-warn'}
      >
        {health.ok ? 'Has room' : 'Nearly full'}
      </Condition>
      <HealthFigures health={health} />
      {/* That it is full is said above, on every page. */}
      {health.ok && <p className="min-w-0 text-text-2 wrap-anywhere">{health.message}</p>}
    </section>
  );
}

const meaning = {
  Kafka: 'While it is away nothing is processed and nothing is lost: apps go on where they committed.',
  Postgres: 'While it is away nothing can be saved or deployed; what runs goes on running.',
} as const;

function Health({
  name,
  health,
  now,
  stale,
}: {
  readonly name: 'Kafka' | 'Postgres';
  readonly health: HealthEntity | undefined;
  readonly now: number;
  readonly stale: boolean;
}) {
  const [failure, setFailure] = useState<string | null>(null);
  const retry = async () => {
    setFailure(null);
    try {
      await retryConnections();
    } catch (error) {
      setFailure(inWords(error));
    }
  };
  return (
    <section aria-label={name} className="min-w-0 px-6 py-4">
      <div className="flex h-7 items-center gap-3">
        <h2 className="text-13 font-semibold">{name}</h2>
        {health === undefined ? (
          <span className="text-text-3">waiting for the engine</span>
        ) : (
          <Condition
            icon={health.ok ? Plug : Unplug}
            tone={stale ? 'text-text-3' : health.ok ? 'text-accent' : 'text-bad'}
          >
            {health.ok ? 'Connected' : 'Does not answer'}
            <span className="text-12 text-text-3 tabular">
              since {formatClock(health.sinceMs)}
              {now > 0 && `, ${formatSpan(now - health.sinceMs)}`}
            </span>
          </Condition>
        )}
        {health?.ok === false && (
          <span className="ml-auto flex items-center gap-3">
            {health.nextTryMs !== null && now > 0 && (
              <span className="text-12 text-text-3 tabular">
                next try in {Math.max(0, Math.ceil((health.nextTryMs - now) / 1000))} s
              </span>
            )}
            <Button icon={<RotateCcw aria-hidden="true" size={13} />} onClick={() => void retry()}>
              Try now
            </Button>
          </span>
        )}
      </div>
      {health && (
        <p className="mt-1 text-13 text-text-2 wrap-anywhere">
          {health.message}
          {!health.ok && ` ${meaning[name]}`}
        </p>
      )}
      {failure !== null && (
        <p role="alert" className="mt-1 text-12 text-bad">
          {failure}
        </p>
      )}
      {health && Object.keys(health.figures).length > 0 && (
        <div className="mt-2 flex flex-wrap gap-x-5 gap-y-1">
          <HealthFigures health={health} />
        </div>
      )}
      {health && health.attempts.length > 0 && (
        <details className="mt-2 text-12" open={!health.ok}>
          <summary className="w-fit rounded-tag text-text-2">
            What was tried: {plural(health.attempts.length, 'attempt')}
          </summary>
          <ul className="mt-1.5 max-h-40 overflow-y-auto">
            {health.attempts.toReversed().map((attempt) => (
              <li key={`${attempt.atMs} ${attempt.address} ${attempt.said}`} className="flex gap-3 py-0.5">
                <span className="text-text-3 tabular">{formatClock(attempt.atMs)}</span>
                <span className="shrink-0 font-mono">{attempt.address}</span>
                <span className="min-w-0 text-text-2 wrap-anywhere">{attempt.said}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
