import { assert } from '../assert.ts';
import type { Clock } from '../clock.ts';
import { detachedContext } from '../topology/detached-context.ts';
import type { Subtopology, Topology } from '../topology/topology.ts';

/** A swap that cannot be: `rejoin-needed`: the app must be stopped and started; `not-running`: it has failed or stopped. Nothing was changed. */
export class SwapRefused extends Error {
  override readonly name = 'SwapRefused';
  readonly code: 'rejoin-needed' | 'not-running';
  constructor(code: 'rejoin-needed' | 'not-running', message: string) {
    super(message);
    this.code = code;
  }
}

/** Builds every processor once for nothing: throws what building throws, before any old one is given up. */
export const rehearse = (topology: Topology, clock: Clock): void => {
  for (const subtopology of topology.subtopologies) subtopology.build(detachedContext(clock));
};

export const successorOf = (topology: Topology, subtopology: Subtopology): Subtopology => {
  const found = topology.subtopologies.find((candidate) => candidate.id === subtopology.id);
  assert(found, `no subtopology ${subtopology.id} after a swap`);
  return found;
};
