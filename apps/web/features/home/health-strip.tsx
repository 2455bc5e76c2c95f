'use client';
import type { EngineEntity, HealthEntity } from '@millrace/protocol';
import { Database, Plug, Server, Unplug, Waves } from 'lucide-react';
import type { ReactNode } from 'react';
import { HealthFigures } from '#features/engines/health-figures.tsx';
import { type ChannelOf, useEntities, useEntity, useFreshness } from '#lib/engine-client/index.ts';
import { formatBytes, formatCount, formatRate } from '#lib/format.ts';
import { cx } from '#ui/cx.ts';
import { Figure } from '#ui/figure.tsx';
import { Sparkline } from '#ui/sparkline.tsx';
import { Wheel } from '#ui/wheel.tsx';

type Workspace = ChannelOf<{ channel: 'workspace' }>;

/** Engines, Kafka and Postgres in a line each. */
export function HealthStrip({ workspace }: { readonly workspace: Workspace }) {
  const engines = useEntities(workspace, 'engine');
  const apps = useEntities(workspace, 'app');
  const kafka = useEntity(workspace, 'health', 'health:kafka');
  const postgres = useEntity(workspace, 'health', 'health:postgres');
  const stale = useFreshness(workspace).kind !== 'live';
  const total = sumOfHistories(apps.map((app) => app.history.inPerSecond));
  return (
    <section
      aria-label="Health"
      className={cx(
        'grid grid-cols-3 divide-x divide-line rounded-node border border-line-2 bg-raised max-lg:grid-cols-1 max-lg:divide-x-0 max-lg:divide-y',
        stale && 'text-text-3',
      )}
    >
      <Part
        icon={<Server aria-hidden="true" size={16} strokeWidth={1.6} />}
        name="Engines"
        state={<EnginesState engines={engines} waiting={stale && engines.length === 0} />}
      >
        {engines.length > 0 && <EngineFigures engines={engines} />}
      </Part>
      <Part
        icon={<Waves aria-hidden="true" size={16} strokeWidth={1.6} />}
        name="Kafka"
        state={<HealthState health={kafka} />}
        chart={<Sparkline points={total} width={90} stale={stale} />}
      >
        {kafka && <HealthFigures health={kafka} />}
        {apps.length > 0 && (
          <Figure
            value={formatRate(apps.reduce((sum, app) => sum + app.inPerSecond, 0))}
            unit="/s in"
            strong
            size={12}
          />
        )}
      </Part>
      <Part
        icon={<Database aria-hidden="true" size={16} strokeWidth={1.6} />}
        name="Postgres"
        state={<HealthState health={postgres} />}
      >
        {postgres && <HealthFigures health={postgres} />}
      </Part>
    </section>
  );
}

function Part({
  icon,
  name,
  state,
  chart,
  children,
}: {
  readonly icon: ReactNode;
  readonly name: string;
  readonly state: ReactNode;
  readonly chart?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <div className="flex h-[66px] items-start justify-between gap-3 px-4 py-3">
      <div className="min-w-0">
        <h2 className="flex items-center gap-2 text-13 font-semibold">
          {icon}
          {name}
          <span className="ml-1 font-normal">{state}</span>
        </h2>
        <div className="mt-1 flex gap-4 overflow-hidden text-12">{children}</div>
      </div>
      {chart && <span className="max-wide:hidden">{chart}</span>}
    </div>
  );
}

function EnginesState({ engines, waiting }: { readonly engines: readonly EngineEntity[]; readonly waiting: boolean }) {
  if (waiting) return <span className="text-text-3">connecting</span>;
  const running = engines.filter((engine) => engine.workers.some((worker) => worker.state === 'running')).length;
  return (
    <span
      className={cx(
        'inline-flex items-center gap-1.5',
        running < engines.length || engines.length === 0 ? 'text-warn' : 'text-accent',
      )}
    >
      <Wheel turning={running > 0} />
      {engines.length === 0 ? 'none runs' : `${running} of ${engines.length} running`}
    </span>
  );
}

function EngineFigures({ engines }: { readonly engines: readonly EngineEntity[] }) {
  const sum = (of: (engine: EngineEntity) => number) => engines.reduce((total, engine) => total + of(engine), 0);
  const tasks = sum((engine) => engine.tasks);
  const heap = formatBytes(
    sum((engine) => engine.heapBytes + engine.workers.reduce((total, worker) => total + worker.heapBytes, 0)),
  );
  return (
    <>
      <Figure value={formatCount(tasks)} unit={tasks === 1 ? 'task' : 'tasks'} strong size={12} />
      <Figure
        value={formatCount(
          sum((engine) => engine.cpuPercent + engine.workers.reduce((total, worker) => total + worker.cpuPercent, 0)),
        )}
        unit="% CPU"
        strong
        size={12}
      />
      <Figure value={`${heap.value} ${heap.unit}`} unit="heap" strong size={12} />
    </>
  );
}

function HealthState({ health }: { readonly health: HealthEntity | undefined }) {
  if (!health) return <span className="text-text-3">connecting</span>;
  const Icon = health.ok ? Plug : Unplug;
  return (
    <span className={cx('inline-flex items-center gap-1.5', health.ok ? 'text-accent' : 'text-bad')}>
      <Icon aria-hidden="true" size={13} />
      {health.ok ? 'Connected' : 'Does not answer'}
    </span>
  );
}

const sumOfHistories = (histories: readonly (readonly number[])[]): number[] => {
  const length = Math.max(0, ...histories.map((history) => history.length));
  return Array.from({ length }, (_, index) =>
    histories.reduce((sum, history) => sum + (history[index - length + history.length] ?? 0), 0),
  );
};
