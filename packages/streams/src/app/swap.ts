import { assert } from '../assert.ts';
import type { Clock } from '../clock.ts';
import { CountingStepMeters } from '../sensors/step-meters.ts';
import { type Subtopology, type Topology, uncommittedTopics } from '../topology/topology.ts';

/** A swap that cannot be: `rejoin-needed`: the app must be stopped and started; `not-running`: it has failed or stopped. Nothing was changed. */
export class SwapRefused extends Error {
  override readonly name = 'SwapRefused';
  readonly code: 'rejoin-needed' | 'not-running';
  constructor(code: 'rejoin-needed' | 'not-running', message: string) {
    super(message);
    this.code = code;
  }
}

/** Why `to` cannot take `from`'s place without rejoining the group, in words; null: it can. */
export const rejoinReason = (from: Topology, to: Topology): string | null => {
  if (from.app !== to.app) return `the app is ${to.app}, not ${from.app}`;
  const before = new Map(from.subtopologies.map((subtopology) => [subtopology.id, subtopology]));
  for (const subtopology of to.subtopologies) {
    const old = before.get(subtopology.id);
    if (!old)
      return `${subtopology.sources.join(', ')} ${subtopology.sources.length > 1 ? 'are' : 'is'} read for the first time`;
    before.delete(subtopology.id);
    if (old.partitions !== subtopology.partitions)
      return `${subtopology.id} has ${subtopology.partitions} partitions, not ${old.partitions}`;
    const isolated = isolationReason(from, to, subtopology);
    if (isolated !== null) return isolated;
    if (tablesOf(old) !== tablesOf(subtopology)) return `the tables fed from ${subtopology.id} are not the same`;
  }
  const [dropped] = before.keys();
  return dropped === undefined ? null : `${dropped} is no longer read`;
};

const isolationReason = (from: Topology, to: Topology, { sources }: Subtopology): string | null => {
  const [before, after] = [uncommittedTopics(from), uncommittedTopics(to)];
  const changed = sources.find((topic) => before.includes(topic) !== after.includes(topic));
  if (changed === undefined) return null;
  return `${changed} is read ${after.includes(changed) ? 'with what is not committed' : 'only once it is committed'}`;
};

const tablesOf = (subtopology: Subtopology): string =>
  subtopology.tables
    .map((table) => `${table.id} ${table.changelog}`)
    .sort()
    .join('\n');

/** Builds every processor once for nothing: throws what building throws, before any old one is given up. */
export const rehearse = (topology: Topology, clock: Clock): void => {
  for (const subtopology of topology.subtopologies) {
    subtopology.build({
      partition: 0,
      clock,
      meters: new CountingStepMeters(),
      pass: () => 0,
      log: () => 0,
      entered: () => {},
      send: () => {},
      failed: () => {},
      noticed: () => {},
      keptMs: () => Number.POSITIVE_INFINITY,
    });
  }
};

export const successorOf = (topology: Topology, subtopology: Subtopology): Subtopology => {
  const found = topology.subtopologies.find((candidate) => candidate.id === subtopology.id);
  assert(found, `no subtopology ${subtopology.id} after a swap`);
  return found;
};
