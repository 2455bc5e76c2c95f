import type { Agent, AppDocument, Settings, Table } from '../document/document.ts';
import { own } from '../document/element.ts';
import { kafkaTopicsOf, repartitionsOf } from '../graph/partitions.ts';
import { tableCompatibility, tableLayout } from './compatibility.ts';
import type { Plan, PlanElement } from './plan.ts';
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
  /** Kafka topics that are there already. Unless said, those of `from` are. */
  readonly existingTopics?: ReadonlySet<string>;
}

type Change = PlanElement['change'];
type State = PlanElement['state'];

const noState: State = { fate: 'none', words: '—' };

/** What deploying a version would do. Pure: the same documents give the same plan. */
export function planDeploy({ app, from, to, existingTopics }: Deploy): Plan {
  const planner = new Planner(from?.document ?? null, to.document);
  const elements = planner.elements();
  const touched = elements.some(({ change }) => change !== 'kept');
  const how = from === null ? 'start' : planner.rejoins() ? 'rejoin' : touched ? 'swap' : 'none';
  const existing = existingTopics ?? new Set(from === null ? [] : kafkaTopicsOf(from.document).map(({ name }) => name));
  return {
    app,
    from: from?.version ?? null,
    to: to.version,
    elements,
    topicsToCreate: kafkaTopicsOf(to.document).filter(({ name }) => !existing.has(name)),
    how,
    expectedPause: how === 'rejoin' ? { kind: 'rejoin', aboutMs: rejoinMs } : { kind: 'none' },
    confirmations: planner.confirmations,
  };
}

class Planner {
  readonly confirmations: { element: string; message: string }[] = [];
  private readonly from: AppDocument | null;
  private readonly to: AppDocument;

  constructor(from: AppDocument | null, to: AppDocument) {
    this.from = from;
    this.to = to;
  }

  elements(): PlanElement[] {
    const { from, to } = this;
    return [
      ...this.section('topic', from?.topics, to.topics, topicWords, topicChanges, (id, change) =>
        this.topicState(id, change),
      ),
      ...this.section('model', from?.models, to.models, modelWords, modelChanges, () => noState),
      ...this.section('agent', from?.agents, to.agents, agentWords, agentChanges, (id, change) =>
        this.agentState(id, change),
      ),
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

  private topicState(id: string, change: Change): State {
    if (change === 'dropped') return { fate: 'none', words: "Kafka's topic stays" };
    const reads = (document: AppDocument | null): boolean =>
      Object.values(document?.agents ?? {}).some(({ from }) => from.kind === 'topics' && from.topics.includes(id));
    const [old, now] = [this.from === null ? undefined : own(this.from.topics, id), own(this.to.topics, id)];
    if (old !== undefined && now !== undefined && old.partitions !== now.partitions) {
      const message = `${id} goes from ${old.partitions} to ${now.partitions} partitions: from then on its keys go to other partitions, away from the state that tables hold for them.`;
      this.confirmations.push({ element: `topic:${id}`, message });
    }
    return change !== 'created' && old?.name === now?.name && reads(this.from) && reads(this.to)
      ? { fate: 'offsets-kept', words: 'Offsets kept' }
      : noState;
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
    return old === undefined ? { fate: 'none', words: 'Starts empty' } : this.carriedOver(id, old, now);
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
      return topic === undefined ? [] : [[id, `${topic.name}:${topic.partitions}`]];
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
