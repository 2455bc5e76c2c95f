import type { AppStatus, StepMeter } from '@millrace/streams';

interface Sample {
  readonly atMs: number;
  readonly status: AppStatus;
}

/** Rates are means over about this long. */
const rateMs = 2_000;
/** How long samples are kept: what is a mean over 5 s looks at all of them. */
const keptMs = 5_000;
/** Statuses come every 250 ms: a bound, should clocks jump. */
const maxSamples = 64;

/** What one worker said of one app in the last seconds. */
export class Samples {
  readonly #samples: Sample[] = [];

  get latest(): AppStatus | null {
    return this.#samples.at(-1)?.status ?? null;
  }

  add(atMs: number, status: AppStatus): void {
    this.#samples.push({ atMs, status });
    while (this.#samples.length > maxSamples || (this.#samples[0]?.atMs ?? atMs) < atMs - keptMs) this.#samples.shift();
  }

  /** What a counter grew by per second, over the last 2 s; 0 before there are two samples. */
  perSecond(read: (status: AppStatus) => number): number {
    const last = this.#samples.at(-1);
    if (last === undefined) return 0;
    const first = this.#samples.find(({ atMs }) => atMs >= last.atMs - rateMs);
    if (first === undefined || first.atMs === last.atMs) return 0;
    return (Math.max(0, read(last.status) - read(first.status)) * 1000) / (last.atMs - first.atMs);
  }

  /** The share of the samples, 0 to 1, of which it holds. */
  share(holds: (status: AppStatus) => boolean): number {
    if (this.#samples.length === 0) return 0;
    return this.#samples.filter(({ status }) => holds(status)).length / this.#samples.length;
  }
}

export const meterOf = (status: AppStatus, agent: string, step: string): StepMeter | undefined =>
  status.meters[`${agent}/${step}`];
