import type { MemoryBroker } from '../transport/memory/memory-broker.ts';

/** Turns of the event loop without any activity after which all is taken to be quiet. */
const quietTurns = 6;

/** Resolves when the broker and whoever works on it have nothing left to do. */
export const settled = async (broker: MemoryBroker, quiet: () => boolean): Promise<void> => {
  let activity = broker.activity;
  for (let turns = 0; turns < quietTurns; turns++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (quiet() && broker.activity === activity) continue;
    activity = broker.activity;
    turns = 0;
  }
};
