const folder = process.env['BENCH_PROFILE'];

/** Options of Node, for a look at where the time of broker and contenders goes: `BENCH_PROFILE=folder npm run bench`. */
export const profiling: readonly string[] = folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];
