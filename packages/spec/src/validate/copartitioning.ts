import type { AppDocument } from '../document/document.ts';
import { own } from '../document/element.ts';
import { PartitionCounts } from '../graph/partitions.ts';
import type { Problem } from '../problem.ts';

/** What is read together must be partitioned alike: an agent's topics, and the sources that feed one table. */
export function copartitioning(document: AppDocument): Problem[] {
  return [...agentProblems(document), ...tableProblems(document)];
}

function agentProblems(document: AppDocument): Problem[] {
  return Object.entries(document.agents).flatMap(([name, { from }]): Problem[] => {
    if (from.kind !== 'topics') return [];
    const counts = from.topics.flatMap((id) => {
      const topic = own(document.topics, id);
      return topic === undefined ? [] : [{ id, partitions: topic.partitions }];
    });
    return unequal(counts, ['agents', name, 'from'], `Agent ${name} reads topics together that differ in partitions`);
  });
}

function tableProblems(document: AppDocument): Problem[] {
  const counts = new PartitionCounts(document);
  return Object.keys(document.tables).flatMap((table): Problem[] => {
    const feeders = counts.feeders(table).map((id) => ({ id, partitions: counts.ofFeed(id) }));
    return unequal(feeders, ['tables', table], `Table ${table} is fed by agents whose sources differ in partitions`);
  });
}

function unequal(
  counts: readonly { id: string; partitions: number }[],
  path: readonly string[],
  said: string,
): Problem[] {
  if (new Set(counts.map(({ partitions }) => partitions)).size < 2) return [];
  const listed = counts.map(({ id, partitions }) => `${id} has ${partitions}`).join(', ');
  return [
    {
      code: 'partition-mismatch',
      severity: 'error',
      path,
      message: `${said}: ${listed}`,
      hint: 'Give them the same number of partitions.',
    },
  ];
}
