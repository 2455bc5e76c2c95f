/** `npm run fuzz`: 20 000 frames (`--frames N` or FUZZ_FRAMES for as many, `--seed S` or FUZZ_SEED for others). Exits with 1 when they did harm. */
import { parseArgs } from 'node:util';
import { fuzzRun, maxResidentBytes } from './fuzz-run.ts';

const { values } = parseArgs({
  options: {
    frames: { type: 'string', default: process.env['FUZZ_FRAMES'] ?? '20000' },
    seed: { type: 'string', default: process.env['FUZZ_SEED'] ?? '20240601' },
  },
});
const [frames, seed] = [Number(values.frames), Number(values.seed)];
if (!Number.isInteger(frames) || frames < 1 || !Number.isInteger(seed)) {
  console.error('--frames and --seed take whole numbers, --frames one from 1 on');
  process.exit(2);
}
const startedMs = Date.now();
const { faults, connections, peakResidentBytes } = await fuzzRun(frames, seed);
const memory =
  peakResidentBytes === undefined
    ? 'memory not measured here'
    : `at most ${mebibytes(peakResidentBytes)} of ${mebibytes(maxResidentBytes)} MiB resident`;
for (const fault of faults) console.log(`  ${fault}`);
console.log(
  `${faults.length === 0 ? 'passed' : 'FAILED'}: ${frames} frames of seed ${seed} over ${connections} connections, ${memory}, in ${Math.round((Date.now() - startedMs) / 1_000)} s`,
);
process.exit(faults.length === 0 ? 0 : 1);

function mebibytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
