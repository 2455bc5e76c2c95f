import type { AppDocument } from '../document/document.ts';
import { own } from '../document/element.ts';
import { PartitionCounts, repartitions, type TopicPartitions } from '../graph/partitions.ts';
import { changelogTopic } from '../names.ts';
import type { Edit } from '../problem.ts';
import type { SplitTables, WayOut } from './plan.ts';

/** Whether an agent brings its topics' records to a table in the partitions that they are in. */
export function feedsDirectly(document: AppDocument, agent: string): boolean {
  const { from, steps } = own(document.agents, agent) ?? {};
  if (from?.kind !== 'topics' || steps === undefined) return false;
  const aggregate = steps.findIndex((step) => step.op === 'aggregate');
  return aggregate >= 0 && !steps.slice(0, aggregate).some(repartitions);
}

/**
 * The tables of a document that its topics would split, as Kafka has them now. The ways out are the ones that the runtime names (SPEC P2, P4): both bring the
 * records to other partitions in front of the tables, since those of before stay where they are. None, where Kafka is not known.
 */
export function splitTables(document: AppDocument, there: TopicPartitions): SplitTables[] {
  const counts = new PartitionCounts(document, there);
  const splits = new Map<string, Split>();
  for (const table of Object.keys(document.tables)) {
    const kept = there.get(changelogTopic(document.app, table)) ?? null;
    const agents = counts.feeders(table).filter((name) => feedsDirectly(document, name));
    const topics = [...new Set(agents.flatMap((name) => topicsOf(document, name)))].sort();
    const found = topics.flatMap((name) => there.get(name) ?? []);
    const partitions = Math.max(0, ...found);
    if (found.every((count) => count === (kept ?? partitions))) continue;
    const key = JSON.stringify([topics, kept]);
    const split = splits.get(key) ?? { tables: [], agents: new Set(), topics, partitions, kept };
    split.tables.push(table);
    for (const name of agents) split.agents.add(name);
    splits.set(key, split);
  }
  return [...splits.values()].map((split) => inWords(document, split, there));
}

interface Split {
  readonly tables: string[];
  readonly agents: Set<string>;
  readonly topics: readonly string[];
  /** The most of the topics. */
  readonly partitions: number;
  /** Those of the tables; null: they are new. */
  readonly kept: number | null;
}

const topicsOf = (document: AppDocument, agent: string): string[] => {
  const from = own(document.agents, agent)?.from;
  return from?.kind === 'topics' ? from.topics.flatMap((id) => own(document.topics, id)?.name ?? []) : [];
};

function inWords(
  document: AppDocument,
  { tables, agents, topics, partitions, kept }: Split,
  there: TopicPartitions,
): SplitTables {
  const sources = topics.flatMap((name) => {
    const count = there.get(name);
    return count === undefined || count === kept ? [] : [`${name} has ${count} partitions in Kafka`];
  });
  const names = and(tables);
  const [is, its] = tables.length === 1 ? ['is', 'its'] : ['are', 'their'];
  const front = (count: number): string =>
    `Puts group_by: { key: key, partitions: ${count} } in front of the aggregate`;
  const edits = (count: number): Edit[] => [...agents].flatMap((name) => repartitionInFront(document, name, count));
  if (kept === null) {
    const together: WayOut = {
      kind: 'together',
      label: 'Count together',
      words: `${front(partitions)}${agents.size > 1 ? 's' : ''}: ${names} ${is} counted in ${partitions} partitions.`,
      edits: edits(partitions),
    };
    return {
      tables,
      message: `${and(sources)}, and ${names} would be counted from all of them: records of one key would be counted in two places.`,
      ways: [together],
    };
  }
  const keep: WayOut = {
    kind: 'keep',
    label: 'Keep the state',
    words: `${front(kept)}: ${names} ${is} kept, in ${its} ${kept} partitions.`,
    edits: edits(kept),
  };
  const rebuild: WayOut = {
    kind: 'rebuild',
    label: 'Rebuild',
    words: `${front(partitions)}: ${names} ${is} counted again in ${partitions} partitions, from the first record that ${and(topics)} still ${topics.length === 1 ? 'keeps' : 'keep'}.`,
    edits: edits(partitions),
  };
  return {
    tables,
    message: `${and(sources)}, and ${names} ${is} kept by ${kept}: records of one key would be counted in two places.`,
    ways: partitions === kept ? [keep] : [keep, rebuild],
  };
}

const and = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** Other steps keep their ids, and with them the topics that these name. */
function repartitionInFront(document: AppDocument, name: string, partitions: number): Edit[] {
  const steps = own(document.agents, name)?.steps ?? [];
  const index = steps.findIndex((step) => step.op === 'aggregate');
  if (index < 0) return [];
  const taken = new Set(steps.map(({ id }) => id));
  let id = 'group_by';
  for (let number = 2; taken.has(id); number += 1) id = `group_by-same-key${number === 2 ? '' : `-${number}`}`;
  return [
    {
      path: ['agents', name, 'steps', index],
      insert: true,
      value: { ...(id !== 'group_by' && { id }), group_by: { key: 'key', partitions } },
    },
  ];
}
