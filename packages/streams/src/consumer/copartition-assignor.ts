import type { TopicPartition } from '../transport/record.ts';

export interface AssignedMember {
  readonly id: string;
  readonly topics: ReadonlySet<string>;
  /** What it held in a generation: of two claims to a partition, the newer one counts. */
  readonly held: Readonly<Record<string, readonly number[]>>;
  readonly generation: number;
}

/** Partition n of every topic in it: they are joined or counted together, so one member gets all of them. */
interface Task {
  readonly topics: readonly string[];
  readonly partition: number;
  readonly group: number;
}

export type PartitionsByTopic = Record<string, number[]>;

export const topicPartitions = (byTopic: PartitionsByTopic): TopicPartition[] =>
  Object.entries(byTopic).flatMap(([topic, ids]) => ids.map((partition) => ({ topic, partition })));

/**
 * Divides partitions among members: each to exactly one; those of a copartitioned group together; numbers of tasks within one of each other
 * (between members with the same topics); and with as few moves as that allows. Pure: the same input gives the same answer, whatever its order.
 */
export function assignCopartitioned(
  members: readonly AssignedMember[],
  copartitioned: readonly (readonly string[])[],
  partitionCounts: ReadonlyMap<string, number>,
): Map<string, PartitionsByTopic> {
  const sorted = [...members].sort((a, b) => (a.id < b.id ? -1 : 1));
  const loads = new Map(sorted.map(({ id }) => [id, 0]));
  const groupLoads = new Map<string, number>();
  const assignment = new Map(sorted.map(({ id }) => [id, new Map<string, number[]>()]));
  const give = (task: Task, memberId: string): void => {
    const own = assignment.get(memberId);
    for (const topic of task.topics) own?.set(topic, [...(own.get(topic) ?? []), task.partition]);
    loads.set(memberId, (loads.get(memberId) ?? 0) + 1);
    const groupLoad = `${task.group} ${memberId}`;
    groupLoads.set(groupLoad, (groupLoads.get(groupLoad) ?? 0) + 1);
  };

  for (const { tasks, eligible } of byEligibility(tasksOf(copartitioned, partitionCounts), sorted)) {
    const homeless = keepHeld(tasks, eligible, loads, give);
    for (const task of homeless) {
      let best: AssignedMember | undefined;
      const rank = ({ id }: AssignedMember): number =>
        (loads.get(id) ?? 0) * 1e6 + (groupLoads.get(`${task.group} ${id}`) ?? 0);
      for (const member of eligible) if (best === undefined || rank(member) < rank(best)) best = member;
      if (best !== undefined) give(task, best.id);
    }
  }
  for (const own of assignment.values()) for (const partitions of own.values()) partitions.sort((a, b) => a - b);
  return new Map([...assignment].map(([id, own]) => [id, Object.fromEntries(own)]));
}

/** Gives members what they held, up to their share, and returns what is left over. */
function keepHeld(
  tasks: readonly Task[],
  eligible: readonly AssignedMember[],
  loads: ReadonlyMap<string, number>,
  give: (task: Task, memberId: string) => void,
): Task[] {
  const claims = new Map<string, Task[]>();
  const homeless: Task[] = [];
  for (const task of tasks) {
    const holder = holderOf(task, eligible);
    if (holder === undefined) homeless.push(task);
    else claims.set(holder.id, [...(claims.get(holder.id) ?? []), task]);
  }
  const total = eligible.reduce((sum, { id }) => sum + (loads.get(id) ?? 0), tasks.length);
  const share = Math.floor(total / eligible.length);
  let largerShares = total - share * eligible.length;
  // Those who hold most keep one more than the others, where the division leaves a rest.
  const byClaims = [...claims].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1));
  for (const [id, claimed] of byClaims) {
    let room = share - (loads.get(id) ?? 0);
    if (claimed.length > room && largerShares > 0) {
      room++;
      largerShares--;
    }
    for (const [index, task] of claimed.entries()) {
      if (index < room) give(task, id);
      else homeless.push(task);
    }
  }
  return homeless.sort(byGroupAndPartition);
}

function holderOf(task: Task, eligible: readonly AssignedMember[]): AssignedMember | undefined {
  let holder: AssignedMember | undefined;
  for (const member of eligible) {
    const holds = task.topics.some(
      (topic) => Object.hasOwn(member.held, topic) && member.held[topic]?.includes(task.partition),
    );
    if (holds && (holder === undefined || member.generation > holder.generation)) holder = member;
  }
  return holder;
}

function tasksOf(copartitioned: readonly (readonly string[])[], counts: ReadonlyMap<string, number>): Task[] {
  const groups = copartitioned.map((topics) => [...topics].sort());
  groups.sort((a, b) => (a.join('\0') < b.join('\0') ? -1 : 1));
  return groups.flatMap((topics, group) => {
    const most = Math.max(0, ...topics.map((topic) => counts.get(topic) ?? 0));
    return Array.from({ length: most }, (_, partition) => ({
      group,
      partition,
      topics: topics.filter((topic) => partition < (counts.get(topic) ?? 0)),
    }));
  });
}

/** Tasks by who may have them: usually everybody. A task whose topics no one member reads is divided by topic. */
function byEligibility(
  tasks: readonly Task[],
  members: readonly AssignedMember[],
): { readonly tasks: Task[]; readonly eligible: readonly AssignedMember[] }[] {
  const classes = new Map<string, { tasks: Task[]; eligible: readonly AssignedMember[] }>();
  const add = (task: Task): void => {
    const eligible = members.filter(({ topics }) => task.topics.every((topic) => topics.has(topic)));
    if (eligible.length === 0) {
      if (task.topics.length > 1) for (const topic of task.topics) add({ ...task, topics: [topic] });
      return;
    }
    const key = eligible.map(({ id }) => id).join('\0');
    const same = classes.get(key);
    if (same === undefined) classes.set(key, { tasks: [task], eligible });
    else same.tasks.push(task);
  };
  for (const task of tasks) add(task);
  return [...classes.values()];
}

const byGroupAndPartition = (a: Task, b: Task): number => a.group - b.group || a.partition - b.partition;
