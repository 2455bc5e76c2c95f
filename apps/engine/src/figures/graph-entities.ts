import { type Dataflow, subtopologyOfAgent, subtopologyOfStore } from '@millrace/dataflow';
import type {
  AgentEntity,
  FailureEntity,
  GraphEntity,
  NoticeEntity,
  PartitionEntity,
  StepEntity,
  TableEntity,
} from '@millrace/protocol';
import type { Notice } from '@millrace/streams';
import { appEntity } from './app-entity.ts';
import type { AppFigures, Rates } from './app-figures.ts';
import { levelOf, ratioOf } from './backpressure.ts';
import type { AppView } from './workspace.ts';

const maxFailures = 20;

/** One app's graph in figures. */
export function graphEntities(view: AppView): GraphEntity[] {
  const app = appEntity(view);
  const { figures, document, dataflow } = view;
  if (document === null || dataflow === null) return [app, ...partitionEntities(figures)];
  const { culprit } = app.backpressure;
  return [
    app,
    ...Object.keys(document.agents).map((agent) => agentEntity(dataflow, figures, agent)),
    ...Object.entries(document.agents).flatMap(([agent, { steps }]) =>
      steps.map(({ id }) => stepEntity(figures, agent, id, culprit?.agent === agent && culprit.step === id)),
    ),
    ...partitionEntities(figures),
    ...Object.keys(document.tables).map((table) => tableEntity(figures, dataflow, table)),
    ...failureEntities(figures),
    ...noticeEntities(figures),
  ];
}

function agentEntity(dataflow: Dataflow, figures: AppFigures, agent: string): AgentEntity {
  const load = figures.agentLoad(dataflow, agent);
  const ratio = ratioOf(load);
  const part = subtopologyOfAgent(dataflow, agent)?.id;
  return {
    id: `agent:${agent}`,
    type: 'agent',
    agent,
    ...perSecond(figures.agentRates(dataflow, agent)),
    busyMs: load.busyMs,
    idleMs: load.idleMs,
    backpressuredMs: load.backpressuredMs,
    level: levelOf(ratio),
    ratio,
    tasks: figures
      .statuses()
      .reduce((total, { status }) => total + status.tasks.filter((task) => task.subtopology === part).length, 0),
  };
}

function stepEntity(figures: AppFigures, agent: string, step: string, culprit: boolean): StepEntity {
  const rates = figures.stepRates(agent, step);
  const { busyMs, ...totals } = figures.stepTotals(agent, step);
  return {
    id: `step:${agent}/${step}`,
    type: 'step',
    agent,
    step,
    ...perSecond(rates),
    totals,
    latencyMs: totals.in === 0 ? 0 : busyMs / totals.in,
    busyMs: rates.busyMs,
    culprit,
  };
}

const perSecond = (rates: Rates) => ({
  inPerSecond: rates.in,
  outPerSecond: rates.out,
  droppedPerSecond: rates.dropped,
  latePerSecond: rates.late,
  errorsPerSecond: rates.errors,
});

const nobodyReads = {
  worker: null,
  tombstones: 0,
  readPerSecond: 0,
  buffered: 0,
  bufferMax: 0,
  paused: false,
  streamTimeMs: null,
  timeWaitsFor: null,
};

function partitionEntities(figures: AppFigures): PartitionEntity[] {
  const partitions = figures.owed?.map((partition) => ({ ...nobodyReads, ...partition })) ?? figures.partitions();
  return partitions.map((partition) => ({
    id: `partition:${partition.topic}/${partition.partition}`,
    type: 'partition',
    ...partition,
  }));
}

export function tableEntity(figures: AppFigures, dataflow: Dataflow, table: string): TableEntity {
  const part = subtopologyOfStore(dataflow, table)?.id;
  const partitions = figures.statuses().flatMap(({ worker, status }) =>
    (status.tables[table] ?? []).map((stats) => {
      const task = status.tasks.find(
        ({ subtopology, partition }) => subtopology === part && partition === stats.partition,
      );
      const { restored } = task ?? {};
      return {
        partition: stats.partition,
        worker,
        state: task?.state === 'restoring' ? ('restoring' as const) : ('restored' as const),
        restoreDone: restored?.done ?? 0,
        restoreTotal: restored?.total ?? 0,
        restoreTookMs: restored?.tookMs ?? null,
        keys: stats.keys,
        entries: stats.entries,
        sizeBytes: stats.sizeBytes,
        streamTimeMs: stats.streamTimeMs,
        watermarkMs: stats.watermarkMs,
        late: stats.late,
        updates: stats.updates,
      };
    }),
  );
  const sum = (read: (partition: (typeof partitions)[number]) => number) =>
    partitions.reduce((total, partition) => total + read(partition), 0);
  const newest = (read: (partition: (typeof partitions)[number]) => number | null) =>
    partitions.reduce<number | null>(
      (most, partition) =>
        read(partition) === null
          ? most
          : Math.max(most ?? Number.NEGATIVE_INFINITY, read(partition) ?? Number.NEGATIVE_INFINITY),
      null,
    );
  return {
    id: `table:${table}`,
    type: 'table',
    table,
    keys: sum(({ keys }) => keys),
    entries: sum(({ entries }) => entries),
    sizeBytes: sum(({ sizeBytes }) => sizeBytes),
    updatesPerSecond: figures.tableUpdatesPerSecond(table),
    updates: sum(({ updates }) => updates),
    late: sum(({ late }) => late),
    streamTimeMs: newest(({ streamTimeMs }) => streamTimeMs),
    watermarkMs: newest(({ watermarkMs }) => watermarkMs),
    lastUpdateMs: figures.lastUpdateMs(table),
    partitions: partitions
      .map(({ late: _late, updates: _updates, ...partition }) => partition)
      .sort((a, b) => a.partition - b.partition),
  };
}

/** Each once, though several workers say it. */
function noticeEntities(figures: AppFigures): NoticeEntity[] {
  const byWords = new Map<string, Notice>();
  for (const { status } of figures.statuses())
    for (const notice of status.notices)
      if (notice.atMs > (byWords.get(notice.words)?.atMs ?? 0)) byWords.set(notice.words, notice);
  return [...byWords.values()]
    .sort((a, b) => b.atMs - a.atMs)
    .slice(0, maxFailures)
    .map(({ words, atMs, topic = null, agent = null }) => ({
      id: `notice:${words}`,
      type: 'notice',
      atMs,
      words,
      topic,
      agent,
    }));
}

function failureEntities(figures: AppFigures): FailureEntity[] {
  const failures = figures.statuses().flatMap(({ status }) => status.failures);
  return [...failures]
    .sort((a, b) => b.atMs - a.atMs)
    .slice(0, maxFailures)
    .map((failure) => ({
      id: `failure:${failure.topic}/${failure.partition}/${failure.offset}`,
      type: 'failure',
      atMs: failure.atMs,
      topic: failure.topic,
      partition: failure.partition,
      offset: failure.offset,
      reason: failure.reason,
      agent: failure.agent ?? null,
      step: failure.step ?? null,
    }));
}
