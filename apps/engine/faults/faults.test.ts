import { afterAll, beforeAll, expect, test } from 'vitest';
import { House } from '../src/testing/house.ts';
import { appRun } from './run.ts';

/** `npm run faults` runs thirty. */
const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

let house: House;
beforeAll(async () => {
  house = await House.build();
});
afterAll(async () => {
  await house?.tearDown();
});

test.each(seeds)(
  'seed %i: workers and engine killed under load, versions deployed meanwhile: every table and output is as if nothing had happened',
  async (seed) => {
    const { faults } = await appRun(house, seed);
    expect(faults, `again: npm run faults -- apps --seed ${seed}`).toEqual([]);
  },
  240_000,
);
