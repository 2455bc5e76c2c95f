import { type Measurement, median } from './measurement.ts';

export interface Contender {
  readonly name: string;
  run(): Promise<Measurement>;
}

/** Runs the two in turns and prints their medians. The first contender is the measure of the second. */
export async function compare(title: string, contenders: readonly [Contender, Contender], runs: number): Promise<void> {
  const measured = new Map<Contender, Measurement[]>(contenders.map((contender) => [contender, []]));
  for (let round = 0; round < runs; round++) {
    for (const contender of contenders) measured.get(contender)?.push(await contender.run());
  }
  const [base, ours] = contenders.map((contender) => summary(measured.get(contender) ?? []));
  if (base === undefined || ours === undefined) return;
  console.log(`\n${title}`);
  for (const [index, { perSecond, perCpuSecond, result }] of [base, ours].entries()) {
    const name = contenders[index]?.name ?? '';
    console.log(
      `  ${name.padEnd(44)} ${thousands(perSecond)} records/s   ${thousands(perCpuSecond)} per CPU second   (${result})`,
    );
  }
  const ratio = (a: number, b: number): string => (a / b).toFixed(2);
  console.log(
    `  ratio: ${ratio(ours.perCpuSecond, base.perCpuSecond)} per CPU second, ${ratio(ours.perSecond, base.perSecond)} per second (medians of ${runs})`,
  );
  if (base.result !== ours.result) {
    console.log('  the results differ: the comparison counts for nothing');
    process.exitCode = 1;
  }
}

function summary(measurements: readonly Measurement[]): { perSecond: number; perCpuSecond: number; result: string } {
  return {
    perSecond: median(measurements.map(({ records, seconds }) => records / seconds)),
    perCpuSecond: median(measurements.map(({ records, cpuSeconds }) => records / cpuSeconds)),
    result: [...new Set(measurements.map(({ result }) => result))].join(' / '),
  };
}

/** `62 k`, right-aligned. */
export function thousands(perSecond: number): string {
  return `${Math.round(perSecond / 1_000)} k`.padStart(8);
}
