/** `npm run faults -- apps`: 30 seeds (`--seeds N` for as many, `--seed S` for that one alone), a line each. Exits with 1 when one failed. */
import { parseArgs } from 'node:util';
import { House } from '../src/testing/house.ts';
import { appRun } from './run.ts';

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '30' }, seed: { type: 'string' } } });
const seeds =
  values.seed === undefined ? Array.from({ length: Number(values.seeds) }, (_, i) => i + 1) : [Number(values.seed)];
if (seeds.length === 0 || seeds.some((seed) => !Number.isInteger(seed))) {
  console.error('--seeds and --seed take whole numbers, --seeds from 1 on');
  process.exit(2);
}
let failed = 0;
const house = await House.build();
for (const each of seeds) {
  const { seed, kills, deploys, faults, tookMs } = await appRun(house, each);
  const done = `${kills} kills, ${deploys} deploys, ${(tookMs / 1_000).toFixed(1)} s`;
  if (faults.length > 0) failed += 1;
  console.log(
    faults.length === 0
      ? `seed ${seed}: passed (${done})`
      : `seed ${seed}: FAILED (${done})\n${faults.map((fault) => `  ${fault}`).join('\n')}\n  again: npm run faults -- apps --seed ${seed}`,
  );
}
await house.tearDown();
console.log(`${seeds.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
