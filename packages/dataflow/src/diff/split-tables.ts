import { type AppDocument, type Edit, own, type TopicPartitions } from '@millrace/spec';
import { type Dataflow, type Subtopology, sourceId } from '../dataflow.ts';
import { indexOf } from '../dataflow-index.ts';
import { sourcesOf, storesIn, writerOf } from '../lookup.ts';
import type { SplitTables, WayOut } from './plan.ts';

/**
 * The tables that what they are counted from would split, by the partitions that Kafka has. The ways out are the ones that the runtime names (SPEC P2, P4): they
 * bring the records to other partitions in front of the tables, since those of before stay where they are. `there`: empty where Kafka is not known.
 */
export function splitTables(document: AppDocument, dataflow: Dataflow, there: TopicPartitions): SplitTables[] {
  return dataflow.subtopologies.flatMap((part) => {
    const feeds = feedsOf(dataflow, part, there);
    const counts = feeds.map(({ partitions }) => partitions);
    const differ = new Set(counts).size > 1;
    const splits = new Map<number | null, string[]>();
    for (const { id, changelog } of storesIn(dataflow, part)) {
      const kept = there.get(changelog) ?? null;
      // What a repartition brings otherwise than it is kept is counted again, and not split.
      const isSplit = feeds.some(({ isDirect, partitions }) => isDirect && kept !== null && partitions !== kept);
      if (differ || isSplit) splits.set(kept, [...(splits.get(kept) ?? []), id]);
    }
    return [...splits].map(([kept, tables]) =>
      inWords(document, dataflow, { tables, part, feeds, partitions: Math.max(...counts), kept }),
    );
  });
}

/** A topic that tables are counted from. */
interface Feed {
  readonly topic: string;
  readonly partitions: number;
  /** Its records come in the partitions that whoever wrote them chose. */
  readonly isDirect: boolean;
}

interface Split {
  readonly tables: readonly string[];
  readonly part: Subtopology;
  readonly feeds: readonly Feed[];
  /** The most of the feeds. */
  readonly partitions: number;
  /** Those of the tables; null: they are new. */
  readonly kept: number | null;
}

/** Of topics that are not there it is not known yet; repartitions are made as they are needed. */
function feedsOf(dataflow: Dataflow, { sources }: Subtopology, there: TopicPartitions): Feed[] {
  if (there.size === 0) return [];
  const { nodes, topics } = indexOf(dataflow);
  return sources.flatMap((topic): Feed[] => {
    const node = nodes.get(sourceId(topic));
    const isDirect = node?.kind !== 'source' || !node.format.repartitioned;
    const partitions = isDirect ? there.get(topic) : topics.get(topic)?.partitions;
    return partitions === undefined ? [] : [{ topic, partitions, isDirect }];
  });
}

function inWords(
  document: AppDocument,
  dataflow: Dataflow,
  { tables, part, feeds, partitions, kept }: Split,
): SplitTables {
  const sources = feeds
    .filter((feed) => feed.partitions !== kept)
    .map(({ topic, partitions: count, isDirect }) => `${topic} has ${count} partitions${isDirect ? ' in Kafka' : ''}`);
  const names = and(tables);
  const [is, its] = tables.length === 1 ? ['is', 'its'] : ['are', 'their'];
  const direct = feeds.filter(({ isDirect }) => isDirect);
  const agents = agentsAt(dataflow, part, direct);
  const edits = (count: number): Edit[] => [
    ...agents.flatMap((name) => repartitionInFront(document, name, count)),
    ...feeds.flatMap((feed) => (feed.isDirect ? [] : repartitionBy(document, dataflow, feed.topic, count))),
  ];
  const means = (count: number): string =>
    agents.length === 0
      ? `Lets every group_by say partitions: ${count}`
      : `Puts group_by: { key: key, partitions: ${count} } in front of the aggregate${agents.length > 1 ? 's' : ''}`;
  if (kept === null) {
    const together: WayOut = {
      kind: 'together',
      label: 'Count together',
      words: `${means(partitions)}: ${names} ${is} counted in ${partitions} partitions.`,
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
    words: `${means(kept)}: ${names} ${is} kept, in ${its} ${kept} partitions.`,
    edits: edits(kept),
  };
  const still = direct.length === 1 ? 'keeps' : 'keep';
  const rebuild: WayOut = {
    kind: 'rebuild',
    label: 'Rebuild',
    words: `${means(partitions)}: ${names} ${is} counted again in ${partitions} partitions, from the first record that ${and(direct.map(({ topic }) => topic)) || 'the sources'} still ${still}.`,
    edits: edits(partitions),
  };
  return {
    tables,
    message: `${and(sources)}, and ${names} ${is} kept by ${kept}: records of one key would be counted in two places.`,
    ways: partitions === kept ? [keep] : [keep, rebuild],
  };
}

/** The agents that bring records of these topics to a table of this part. */
function agentsAt(dataflow: Dataflow, part: Subtopology, direct: readonly Feed[]): string[] {
  const topics = new Set(direct.map(({ topic }) => topic));
  const { nodes } = indexOf(dataflow);
  const folding = part.nodes.flatMap((id) => {
    const node = nodes.get(id);
    return node?.kind === 'operator' && node.step.op === 'aggregate' ? [node.agent] : [];
  });
  return [...new Set(folding)].filter((agent) => [...sourcesOf(dataflow, agent)].some((topic) => topics.has(topic)));
}

/** The step that fills a repartition topic says its partitions, whatever comes to it. */
function repartitionBy(document: AppDocument, dataflow: Dataflow, topic: string, partitions: number): Edit[] {
  const node = writerOf(dataflow, topic);
  if (node?.step.op !== 'group_by' || node.step.partitions === partitions) return [];
  const index = own(document.agents, node.agent)?.steps.findIndex(({ id }) => id === node.step.id) ?? -1;
  if (index < 0) return [];
  return [{ path: ['agents', node.agent, 'steps', index, 'group_by'], value: { key: node.step.key, partitions } }];
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
