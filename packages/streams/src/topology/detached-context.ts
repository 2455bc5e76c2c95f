import type { Clock } from '../clock.ts';
import { CountingStepMeters } from '../sensors/step-meters.ts';
import type { TaskContext } from './topology.ts';

/** What a processor is lent that belongs to no task: nothing that it does goes anywhere. */
export const detachedContext = (clock: Clock): TaskContext => ({
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
