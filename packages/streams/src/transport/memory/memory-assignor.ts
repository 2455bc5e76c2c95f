import type { TopicPartition } from '../record.ts';

export interface AssignableMember {
  readonly id: string;
  /** Groups of topics whose partition n goes to one member, for all n. */
  readonly copartitioned: readonly (readonly string[])[];
  /** What it held before, and so has state of. */
  readonly owned: readonly TopicPartition[];
}

interface Unit {
  readonly id: string;
  readonly partitions: readonly TopicPartition[];
  readonly candidates: readonly string[];
}

/**
 * Divides copartitioned topics among members: partition n of a group of topics goes to one member; loads differ by at most one unit where
 * subscriptions are equal; a member keeps what it held as far as that allows. Deterministic: the same members give the same division.
 */
export const assignSticky = (
  members: readonly AssignableMember[],
  partitionsOf: (topic: string) => number,
): ReadonlyMap<string, readonly TopicPartition[]> => {
  const units = unitsOf(members, partitionsOf);
  const given = new Map<string, Unit[]>(members.map((member) => [member.id, []]));
  const held = new Map<string, Set<string>>(
    members.map((member) => [member.id, new Set(member.owned.map((owned) => `${owned.topic}/${owned.partition}`))]),
  );
  const holds = (member: string, unit: Unit) =>
    unit.partitions.some((p) => held.get(member)?.has(`${p.topic}/${p.partition}`));
  const load = (member: string) => given.get(member)?.length ?? 0;

  const byHeld = [...members].sort(
    (a, b) =>
      units.filter((u) => holds(b.id, u)).length - units.filter((u) => holds(a.id, u)).length || (a.id < b.id ? -1 : 1),
  );
  const floor = Math.floor(units.length / Math.max(1, members.length));
  let extra = units.length - floor * members.length;
  const taken = new Set<string>();
  for (const member of byHeld) {
    const keeps = units.filter(
      (unit) => !taken.has(unit.id) && unit.candidates.includes(member.id) && holds(member.id, unit),
    );
    const quota = keeps.length > floor && extra > 0 ? floor + 1 : floor;
    if (quota > floor) extra--;
    for (const unit of keeps.slice(0, quota)) {
      taken.add(unit.id);
      given.get(member.id)?.push(unit);
    }
  }
  for (const unit of units) {
    if (taken.has(unit.id)) continue;
    const least = [...unit.candidates].sort((a, b) => load(a) - load(b) || (a < b ? -1 : 1))[0];
    if (least !== undefined) given.get(least)?.push(unit);
  }
  return new Map([...given].map(([id, mine]) => [id, mine.flatMap((unit) => unit.partitions)]));
};

const unitsOf = (members: readonly AssignableMember[], partitionsOf: (topic: string) => number): Unit[] => {
  const groups = new Map<string, { topics: readonly string[]; candidates: string[] }>();
  for (const member of members) {
    for (const topics of member.copartitioned) {
      const id = [...topics].sort().join('+');
      const group = groups.get(id) ?? { topics, candidates: [] };
      group.candidates.push(member.id);
      groups.set(id, group);
    }
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([id, { topics, candidates }]) => {
      const count = Math.max(0, ...topics.map(partitionsOf));
      return Array.from({ length: count }, (_, partition) => ({
        id: `${id}/${partition}`,
        candidates,
        partitions: topics.filter((topic) => partition < partitionsOf(topic)).map((topic) => ({ topic, partition })),
      }));
    });
};
