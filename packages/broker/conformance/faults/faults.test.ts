import { expect, test } from 'vitest';
import { faultRun } from './run.ts';

/** `npm run faults` runs a hundred. */
const seeds = [101, 102];

test.concurrent.each(seeds)(
  'seed %i: killed under load again and again, the broker loses nothing, repeats nothing and goes nowhere back',
  async (seed) => {
    const { faults, dataDir } = await faultRun(seed);
    expect(faults, `the data is in ${dataDir}; again: npm run faults -- broker --seed ${seed}`).toEqual([]);
  },
  120_000,
);
