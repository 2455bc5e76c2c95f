import { expect, test } from 'vitest';
import { fuzzRun } from './fuzz/fuzz-run.ts';

const frames = Number(process.env['FUZZ_FRAMES'] ?? 500);
const seed = Number(process.env['FUZZ_SEED'] ?? 20_240_601);

test(`${frames} malformed frames (seed ${seed}) neither end the broker nor fill its memory`, async () => {
  const { faults } = await fuzzRun(frames, seed);
  expect(faults, `again: npm run fuzz -- --frames ${frames} --seed ${seed}`).toEqual([]);
}, 600_000);
