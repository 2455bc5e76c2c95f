/**
 * `npm run faults -- broker`: 100 seeds (`--seeds N` for as many, `--seed S` for that one alone), two at a time (`--jobs N`), a line each.
 * Exits with 1 when one failed.
 */
import { parseArgs } from 'node:util';
import { faultRun, type RunOutcome } from './run.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    seed: { type: 'string' },
    jobs: { type: 'string', default: '2' },
  },
});
const seeds =
  values.seed === undefined ? Array.from({ length: Number(values.seeds) }, (_, i) => i + 1) : [Number(values.seed)];
const jobs = Number(values.jobs);
if (seeds.length === 0 || [...seeds, jobs].some((number) => !Number.isInteger(number)) || jobs < 1) {
  console.error('--seeds, --seed and --jobs take whole numbers, --seeds and --jobs from 1 on');
  process.exit(2);
}
const startedMs = Date.now();
let failed = 0;
const waiting = [...seeds];
const work = async () => {
  for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
    const outcome = await faultRun(seed);
    if (outcome.faults.length > 0) failed += 1;
    console.log(lineOf(outcome));
  }
};
await Promise.all(Array.from({ length: jobs }, work));
console.log(`${seeds.length - failed} passed, ${failed} failed, in ${Math.round((Date.now() - startedMs) / 1_000)} s`);
process.exit(failed === 0 ? 0 : 1);

function lineOf({ seed, kills, writes, transactions, tookMs, faults, dataDir }: RunOutcome): string {
  const done = `${kills} kills, ${writes} records, ${transactions} transactions, ${(tookMs / 1_000).toFixed(1)} s`;
  if (faults.length === 0) return `seed ${seed}: passed (${done})`;
  const wrong = faults.map((fault) => `  ${fault}`).join('\n');
  return `seed ${seed}: FAILED (${done})\n${wrong}\n  data: ${dataDir}\n  again: npm run faults -- broker --seed ${seed}`;
}
