import type { Agent, AppDocument, Settings, Table } from '../document/document.ts';
import { own } from '../document/element.ts';
import {
  kafkaTopicsOf,
  PartitionCounts,
  repartitionsOf,
  type TopicPartitions,
  tablesCountedWith,
} from '../graph/partitions.ts';
import { changelogTopic } from '../names.ts';
import { oneOf } from '../suggestion.ts';
import { tableCompatibility, tableLayout } from './compatibility.ts';
import { keptShorter } from './kept-shorter.ts';
import type { Plan, PlanElement } from './plan.ts';
import { feedsDirectly, splitTables } from './split-tables.ts';
import {
  agentChanges,
  agentWords,
  modelChanges,
  modelWords,
  settingsChanges,
  tableChanges,
  tableWords,
  topicChanges,
  topicWords,
} from './words.ts';

/** How long a rejoin takes, about: a rebalance and the restore of what is not at hand. */
const rejoinMs = 3_000;

export interface Deploy {
  readonly app: string;
  /** What runs; null: nothing does. */
  readonly from: { readonly version: number; readonly document: AppDocument } | null;
  readonly to: { readonly version: number; readonly document: AppDocument };
  /** Kafka topics that are there already, by name. Unless said, those of `from` are. */
  readonly existingTopics?: ReadonlyMap<string, ExistingTopic>;
}

export interface ExistingTopic {
  readonly partitions: number;
  /** The apps that use it, this one or not. */
  readonly apps: readonly string[];
}

type Change = PlanElement['change'];
type State = PlanElement['state'];

const noState: State = { fate: 'none', words: '—' };

/** What deploying a version would do. Pure: the same documents give the same plan. */
export function planDeploy({ app, from, to, existingTopics }: Deploy): Plan {
  const planner = new Planner(from?.document ?? null, to.document, existingTopics);
  const elements = planner.elements();
  const touched = elements.some(({ change }) => change !== 'kept');
  const how = from === null ? 'start' : planner.rejoins() ? 'rejoin' : touched ? 'swap' : 'none';
  const there = partitionsOf(existingTopics);
  const existing = new Set(
    existingTopics?.keys() ?? (from === null ? [] : kafkaTopicsOf(from.document).map(({ name }) => name)),
  );
  return {
    app,
    from: from?.version ?? null,
    to: to.version,
    elements,
    topicsToCreate: kafkaTopicsOf(to.document, there).filter(({ name }) => !existing.has(name)),
    how,
    expectedPause: how === 'rejoin' ? { kind: 'rejoin', aboutMs: rejoinMs } : { kind: 'none' },
    confirmations: planner.confirmations,
    splits: splitTables(to.document, there),
  };
}

const partitionsOf = (topics: ReadonlyMap<string, ExistingTopic> | undefined): TopicPartitions =>
  new Map([...(topics ?? [])].map(([name, { partitions }]) => [name, partitions]));

class Planner {
  readonly confirmations: { element: string; message: string }[] = [];
  private readonly from: AppDocument | null;
  private readonly to: AppDocument;
  private readonly existing: ReadonlyMap<string, ExistingTopic> | undefined;

  constructor(from: AppDocument | null, to: AppDocument, existing: ReadonlyMap<string, ExistingTopic> | undefined) {
    this.from = from;
    this.to = to;
    this.existing = existing;
  }

  elements(): PlanElement[] {
    const { from, to } = this;
    return [
      ...this.section('topic', from?.topics, to.topics, topicWords, topicChanges, (id, change) =>
        this.topicState(id, change),
      ).map((element) => this.usedAsItIs(element)),
      ...this.section('model', from?.models, to.models, modelWords, modelChanges, () => noState),
      ...this.section('agent', from?.agents, to.agents, agentWords, agentChanges, (id, change) =>
        this.agentState(id, change),
      ).map((element) => this.withLosses(element)),
      ...this.section('table', from?.tables, to.tables, tableWords, tableChanges, (id, change) =>
        this.tableState(id, change),
      ),
      ...this.settings(from?.settings, to.settings),
    ];
  }

  private section<T>(
    kind: PlanElement['kind'],
    from: Readonly<Record<string, T>> | undefined,
    to: Readonly<Record<string, T>>,
    words: (element: T) => string[],
    changes: (from: T, to: T) => string[],
    state: (id: string, change: Change) => State,
  ): PlanElement[] {
    const planned = Object.entries(to).map(([id, element]): PlanElement => {
      const old = own(from ?? {}, id);
      if (old === undefined) return this.element(kind, id, 'created', words(element), state);
      const what = changes(old, element);
      return what.length === 0
        ? this.element(kind, id, 'kept', words(element), state)
        : this.element(kind, id, 'changed', what, state);
    });
    const dropped = Object.keys(from ?? {}).filter((id) => !Object.hasOwn(to, id));
    return [...planned, ...dropped.map((id) => this.element(kind, id, 'dropped', ['not in this version'], state))];
  }

  private element(
    kind: PlanElement['kind'],
    id: string,
    change: Change,
    what: readonly string[],
    state: (id: string, change: Change) => State,
  ): PlanElement {
    return {
      kind,
      id,
      change,
      what,
      state: state(id, change),
      pause: this.pauses(kind, id, change) ? 'rejoin' : 'none',
    };
  }

  private settings(from: Settings | undefined, to: Settings): PlanElement[] {
    const what = from === undefined ? [] : settingsChanges(from, to);
    if (what.length === 0) return [];
    return [{ kind: 'settings', id: 'settings', change: 'changed', what, state: noState, pause: 'rejoin' }];
  }

  /** A topic that is new to the app and is in Kafka already is not created; others may read it, too. */
  private usedAsItIs(element: PlanElement): PlanElement {
    const topic = own(this.to.topics, element.id);
    const there = topic === undefined ? undefined : this.existing?.get(topic.name);
    if (topic === undefined || there === undefined || element.change !== 'created') return element;
    const others = there.apps.filter((app) => app !== this.to.app);
    const differs = there.partitions !== topic.partitions;
    return {
      ...element,
      change: 'kept',
      what: [
        'in Kafka already, used as it is',
        ...(differs ? [`it has ${there.partitions} partitions, the document says ${topic.partitions}`] : element.what),
        ...(others.length === 0 ? [] : [`also used by ${oneOf(others).replace(' or ', ' and ')}`]),
      ],
    };
  }

  private topicState(id: string, change: Change): State {
    if (change === 'dropped') return { fate: 'none', words: "Kafka's topic stays" };
    const reads = (document: AppDocument | null): boolean =>
      Object.values(document?.agents ?? {}).some(({ from }) => from.kind === 'topics' && from.topics.includes(id));
    const [old, now] = [this.from === null ? undefined : own(this.from.topics, id), own(this.to.topics, id)];
    return change !== 'created' && old?.name === now?.name && reads(this.from) && reads(this.to)
      ? { fate: 'offsets-kept', words: 'Offsets kept' }
      : noState;
  }

  /** What it sends and its topics will not keep is said with what changes about it. */
  private withLosses(element: PlanElement): PlanElement {
    const losses = keptShorter(this.to).filter(({ path }) => path[1] === element.id);
    return losses.length === 0
      ? element
      : { ...element, what: [...element.what, ...losses.map(({ message }) => message)] };
  }

  private agentState(id: string, change: Change): State {
    const agent = own(this.to.agents, id);
    if (change !== 'created' || agent === undefined || this.from === null) return noState;
    if (agent.from.kind === 'changes') return { fate: 'none', words: 'Starts with the next update' };
    return {
      fate: 'none',
      words: `Starts from the ${this.to.settings.startFrom === 'earliest' ? 'first record' : 'newest record'} of what the app did not read before`,
    };
  }

  private tableState(id: string, change: Change): State {
    const [old, now] = [this.from === null ? undefined : own(this.from.tables, id), own(this.to.tables, id)];
    if (change === 'dropped' || now === undefined) {
      this.confirmations.push({
        element: `table:${id}`,
        message: `Delete the state of ${id}. Its changelog topic stays, so that an older version can be deployed again.`,
      });
      return { fate: 'dropped', words: 'State deleted; its changelog stays' };
    }
    if (old === undefined) return { fate: 'none', words: 'Starts empty' };
    return this.rebuilt(id) ?? this.carriedOver(id, old, now);
  }

  /**
   * A table whose feed says another number of partitions than its changelog has is counted again. Null: it says none, and the partitions in Kafka rule; or the
   * table is fed straight from its topic, and would be split instead. Where Kafka is not known, what the documents say is taken for what it has.
   */
  private rebuilt(id: string): State | null {
    const counts = this.rebuiltCounts(id);
    if (counts !== null) {
      const { had, has } = counts;
      this.confirmations.push({
        element: `table:${id}`,
        message: `Rebuild ${id}: it goes from ${had} to ${has} partitions. What it holds is deleted, and counted again from the first record that its sources still keep. With group_by: { key: key, partitions: ${had} } it would be kept.`,
      });
      return { fate: 'starts-empty', words: 'Rebuilt from the first record that is kept' };
    }
    const cause = [...tablesCountedWith(this.to, id)].find((other) => this.rebuiltCounts(other) !== null);
    if (cause === undefined) return null;
    this.confirmations.push({
      element: `table:${id}`,
      message: `Rebuild ${id}, too: it is counted from what ${cause} is counted from, which is read again from its first record. What it holds is deleted.`,
    });
    return { fate: 'starts-empty', words: `Rebuilt with ${cause}` };
  }

  /** How many partitions a table that is to be counted again had, and has; null: it is not. */
  private rebuiltCounts(id: string): { readonly had: number; readonly has: number } | null {
    if (this.from === null || own(this.from.tables, id) === undefined) return null;
    const there = partitionsOf(this.existing);
    const now = new PartitionCounts(this.to, there);
    const says = now.feeders(id).some((name) => this.to.agents[name]?.steps.some((step) => 'partitions' in step));
    if (!says) return null;
    const had =
      this.existing === undefined
        ? new PartitionCounts(this.from).ofTable(id)
        : there.get(changelogTopic(this.to.app, id));
    const has = now.ofTable(id);
    if (had === undefined || had === has || now.feeders(id).some((name) => feedsDirectly(this.to, name))) return null;
    return { had, has };
  }

  private carriedOver(id: string, from: Table, to: Table): State {
    const { kept, added, restarted } = tableCompatibility(from, to);
    if (!kept) {
      const [why] = tableChanges(from, to);
      this.confirmations.push({
        element: `table:${id}`,
        message: `Start ${id} empty: ${why}. What it holds now is deleted.`,
      });
      return { fate: 'starts-empty', words: 'Starts empty: its keys or windows change' };
    }
    for (const name of restarted) {
      const message = `Start ${name} of ${id} again: it was ${from.value[name]?.fn}, and becomes ${to.value[name]?.fn}.`;
      this.confirmations.push({ element: `table:${id}`, message });
    }
    const fresh = [...added, ...restarted];
    return { fate: 'kept', words: fresh.length === 0 ? 'State kept' : `State kept; ${fresh.join(', ')} from now on` };
  }

  /** Whether this app's workers must join their group again. */
  rejoins(): boolean {
    const { from, to } = this;
    if (from === null) return false;
    return footprint(from) !== footprint(to) || settingsChanges(from.settings, to.settings).length > 0;
  }

  private pauses(kind: PlanElement['kind'], id: string, change: Change): boolean {
    const { from, to } = this;
    if (from === null || change === 'kept') return false;
    switch (kind) {
      case 'topic':
        return sources(from).get(id) !== sources(to).get(id);
      case 'table':
        return layoutOf(from, id) !== layoutOf(to, id);
      case 'agent':
        return agentFootprint(from, id) !== agentFootprint(to, id) && footprint(from) !== footprint(to);
      default:
        return false;
    }
  }
}

/** Source topics by id, with what makes them another source to Kafka. */
function sources(document: AppDocument): Map<string, string> {
  const read = new Set(
    Object.values(document.agents).flatMap(({ from }) => (from.kind === 'topics' ? from.topics : [])),
  );
  return new Map(
    [...read].sort().flatMap((id) => {
      const topic = own(document.topics, id);
      return topic === undefined ? [] : [[id, `${topic.name}:${topic.partitions}:${topic.isolation}`]];
    }),
  );
}

const layoutOf = (document: AppDocument, id: string): string | undefined => {
  const table = own(document.tables, id);
  return table === undefined ? undefined : tableLayout(table);
};

function agentFootprint(document: AppDocument, id: string): string {
  const agent = own(document.agents, id);
  if (agent === undefined) return '';
  return JSON.stringify([
    sourceNames(agent),
    repartitionsOf(document).filter((repartition) => repartition.agent === id),
  ]);
}

const sourceNames = ({ from }: Agent): readonly string[] => (from.kind === 'topics' ? [...from.topics].sort() : []);

/** What the tasks are cut by: which topics are read together, the repartitions, and the tables with their layouts and what feeds them. */
function footprint(document: AppDocument): string {
  const agents = Object.values(document.agents);
  const readTogether = new Set(agents.map((agent) => sourceNames(agent).join('+')));
  const tables = Object.keys(document.tables)
    .sort()
    .map((id) => {
      const feeders = agents.filter(({ steps }) => steps.some((step) => step.op === 'aggregate' && step.table === id));
      return [id, layoutOf(document, id), [...new Set(feeders.map((agent) => sourceNames(agent).join('+')))].sort()];
    });
  return JSON.stringify([[...sources(document)], [...readTogether].sort(), repartitionsOf(document), tables]);
}
