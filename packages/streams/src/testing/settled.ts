import type { MemoryBroker } from '../transport/memory/memory-broker.ts';

/** Turns of the event loop without any activity after which all is taken to be quiet. */
const quietTurns = 6;
/** Turns without any activity after which whoever is not quiet is taken to wait for a fault to be mended. */
const stuckTurns = 60;

/** Resolves when the broker and whoever works on it have nothing left to do. */
export const settled = async (broker: MemoryBroker, quiet: () => boolean): Promise<void> => {
  let activity = broker.activity;
  for (let turns = 0, still = 0; turns < quietTurns && still < stuckTurns; ) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    const unchanged = broker.activity === activity;
    activity = broker.activity;
    still = unchanged ? still + 1 : 0;
    turns = unchanged && quiet() ? turns + 1 : 0;
  }
};
