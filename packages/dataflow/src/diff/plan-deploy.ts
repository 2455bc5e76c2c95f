import {
  type AppDocument,
  keptShorter,
  oneOf,
  own,
  type Problem,
  type Settings,
  type Table,
  type TopicPartitions,
} from '@millrace/spec';
import { compileDataflow } from '../compile.ts';
import { type Dataflow, type Subtopology, sourceId } from '../dataflow.ts';
import { grouped, indexOf } from '../dataflow-index.ts';
import { exchanging, staleParts, storesIn, subtopologiesOfAgent, subtopologyOfStore } from '../lookup.ts';
import { tableCompatibility } from './compatibility.ts';
import type { Plan, PlanElement, SplitTables } from './plan.ts';
import { rejoinReason } from './rejoin.ts';
import { splitTables } from './split-tables.ts';
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
export function planDeploy(deploy: Deploy): Plan {
  const { app, from, to, existingTopics } = deploy;
  // Where Kafka is not known, what runs is taken for what it has.
  const running = from === null || existingTopics !== undefined ? null : compileDataflow(from.document);
  const there: ReadonlyMap<string, Pick<ExistingTopic, 'partitions'>> = existingTopics ??
  new Map(running?.topics.map((topic) => [topic.name, topic]));
  const partitions: TopicPartitions = new Map([...there].map(([name, topic]) => [name, topic.partitions]));
  const planner = new Planner(
    from && { document: from.document, dataflow: running ?? compileDataflow(from.document, partitions) },
    { document: to.document, dataflow: compileDataflow(to.document, partitions) },
    existingTopics,
    partitions,
  );
  const elements = planner.elements();
  const touched = elements.some(({ change }) => change !== 'kept');
  const how = from === null ? 'start' : planner.rejoins ? 'rejoin' : touched ? 'swap' : 'none';
  return {
    app,
    from: from?.version ?? null,
    to: to.version,
    elements,
    topicsToCreate: planner.to.dataflow.topics.flatMap(({ name, role, partitions: count }) =>
      there.has(name) ? [] : [{ name, role, partitions: count }],
    ),
    how,
    expectedPause: how === 'rejoin' ? { kind: 'rejoin', aboutMs: rejoinMs } : { kind: 'none' },
    confirmations: planner.confirmations,
    splits: planner.splits,
  };
}

/** A version, and what it does by the partitions that Kafka has. */
interface Compiled {
  readonly document: AppDocument;
  readonly dataflow: Dataflow;
}

class Planner {
  readonly confirmations: { element: string; message: string }[] = [];
  readonly to: Compiled;
  readonly splits: readonly SplitTables[];
  /** Whether this app's workers must join their group again. */
  readonly rejoins: boolean;
  private readonly from: Compiled | null;
  private readonly existing: ReadonlyMap<string, ExistingTopic> | undefined;
  private readonly there: TopicPartitions;
  /** By agent, what it sends that is not kept. */
  private readonly losses: ReadonlyMap<string, readonly Problem[]>;
  /** Parts whose tables are counted again, because what they or others hold has other partitions than it should. */
  private readonly stale: readonly Subtopology[];
  private readonly rebuilt: ReadonlySet<Subtopology>;

  constructor(
    from: Compiled | null,
    to: Compiled,
    existing: ReadonlyMap<string, ExistingTopic> | undefined,
    there: TopicPartitions,
  ) {
    this.from = from;
    this.to = to;
    this.existing = existing;
    this.there = there;
    this.losses = grouped(keptShorter(to.document), ({ path }) => String(path[1]));
    this.splits = existing === undefined ? [] : splitTables(to.document, to.dataflow, there);
    const split = new Set(this.splits.flatMap(({ tables }) => tables));
    this.stale = staleParts(to.dataflow, there).filter(({ stores }) => !stores.some((id) => split.has(id)));
    this.rebuilt = exchanging(to.dataflow, this.stale);
    this.rejoins = from !== null && (this.stale.length > 0 || rejoinReason(from.dataflow, to.dataflow) !== null);
  }

  elements(): PlanElement[] {
    const [from, to] = [this.from?.document, this.to.document];
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
    const topic = own(this.to.document.topics, element.id);
    const there = topic === undefined ? undefined : this.existing?.get(topic.name);
    if (topic === undefined || there === undefined || element.change !== 'created') return element;
    const others = there.apps.filter((app) => app !== this.to.document.app);
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
    const reads = (document: AppDocument | undefined): boolean =>
      Object.values(document?.agents ?? {}).some(({ from }) => from.kind === 'topics' && from.topics.includes(id));
    const { topics } = this.to.document;
    const [old, now] = [this.from === null ? undefined : own(this.from.document.topics, id), own(topics, id)];
    return change !== 'created' && old?.name === now?.name && reads(this.from?.document) && reads(this.to.document)
      ? { fate: 'offsets-kept', words: 'Offsets kept' }
      : noState;
  }

  /** What it sends and its topics will not keep is said with what changes about it. */
  private withLosses(element: PlanElement): PlanElement {
    const losses = this.losses.get(element.id) ?? [];
    return losses.length === 0
      ? element
      : { ...element, what: [...element.what, ...losses.map(({ message }) => message)] };
  }

  private agentState(id: string, change: Change): State {
    const { agents, settings } = this.to.document;
    const agent = own(agents, id);
    if (change !== 'created' || agent === undefined || this.from === null) return noState;
    if (agent.from.kind === 'changes') return { fate: 'none', words: 'Starts with the next update' };
    return {
      fate: 'none',
      words: `Starts from the ${settings.startFrom === 'earliest' ? 'first record' : 'newest record'} of what the app did not read before`,
    };
  }

  private tableState(id: string, change: Change): State {
    const { tables } = this.to.document;
    const [old, now] = [this.from === null ? undefined : own(this.from.document.tables, id), own(tables, id)];
    if (change === 'dropped' || now === undefined) {
      this.confirmations.push({
        element: `table:${id}`,
        message: `Delete the state of ${id}. Its changelog topic stays, so that an older version can be deployed again.`,
      });
      return { fate: 'dropped', words: 'State deleted; its changelog stays' };
    }
    const part = subtopologyOfStore(this.to.dataflow, id);
    const rebuilt = part !== null && this.rebuilt.has(part);
    if (old === undefined) return rebuilt ? noState : this.begun(id);
    return part !== null && rebuilt ? this.countedAgain(id, part) : this.carriedOver(id, old, now);
  }

  /** A table that this version adds. What an earlier version has kept under its name is there again. */
  private begun(id: string): State {
    const changelog = indexOf(this.to.dataflow).stores.get(id)?.changelog ?? '';
    return this.existing?.has(changelog) === true
      ? { fate: 'kept', words: 'Goes on with what its changelog holds from before, without what came meanwhile' }
      : { fate: 'none', words: 'Starts empty' };
  }

  /** A table whose part, or a part that it exchanges records with, needs other partitions than Kafka has of it. */
  private countedAgain(id: string, part: Subtopology): State {
    const had = this.there.get(indexOf(this.to.dataflow).stores.get(id)?.changelog ?? '');
    const has = part.partitions;
    if (had !== undefined && had !== has) {
      this.confirmations.push({
        element: `table:${id}`,
        message: `Rebuild ${id}: it goes from ${had} to ${has} partitions. What it holds is deleted, and counted again from the first record that its sources still keep. With group_by: { key: key, partitions: ${had} } it would be kept.`,
      });
      return { fate: 'starts-empty', words: 'Rebuilt from the first record that is kept' };
    }
    const cause = this.stale.flatMap((stale) => storesIn(this.to.dataflow, stale)).find((store) => store.id !== id)?.id;
    this.confirmations.push({
      element: `table:${id}`,
      message: `Rebuild ${id}, too: it is counted from what ${cause ?? 'a repartition'} is counted from, which is read again from its first record. What it holds is deleted.`,
    });
    return {
      fate: 'starts-empty',
      words: cause === undefined ? 'Rebuilt from the first record that is kept' : `Rebuilt with ${cause}`,
    };
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

  /** Whose change makes the workers join again. */
  private pauses(kind: PlanElement['kind'], id: string, change: Change): boolean {
    if (!this.rejoins || this.from === null || change === 'kept') return false;
    const [before, after] = [this.from.dataflow, this.to.dataflow];
    switch (kind) {
      case 'topic':
        return (
          sourceOf(before, own(this.from.document.topics, id)?.name) !==
          sourceOf(after, own(this.to.document.topics, id)?.name)
        );
      case 'table':
        return subtopologyOfStore(before, id)?.id !== subtopologyOfStore(after, id)?.id;
      case 'agent':
        return partsOf(before, id) !== partsOf(after, id);
      default:
        return false;
    }
  }
}

/** A topic that is read, with what makes it another source to Kafka. */
function sourceOf(dataflow: Dataflow, name: string | undefined): string | null {
  const { nodes, topics } = indexOf(dataflow);
  const node = nodes.get(sourceId(name ?? ''));
  if (node?.kind !== 'source') return null;
  const { topic, isolation } = node.format;
  return `${topic} ${topics.get(topic)?.partitions} ${isolation}`;
}

/** Where an agent's steps run, and in how many tasks. */
const partsOf = (dataflow: Dataflow, agent: string): string =>
  [...subtopologiesOfAgent(dataflow, agent)]
    .map(({ id, partitions }) => `${id} ${partitions}`)
    .sort()
    .join('\n');
