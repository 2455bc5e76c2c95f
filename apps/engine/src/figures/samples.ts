import type { AppStatus, StepMeter } from '@millrace/streams';

interface Sample {
  readonly atMs: number;
  readonly status: AppStatus;
}

/** Rates are means over about this long. */
const rateMs = 2_000;
/** How long samples are kept: what is a mean over 5 s looks at all of them. */
const keptMs = 5_000;
/** Statuses of an app that has news come this often, ms. */
const everyMs = 250;
/** A bound, should clocks jump. */
const maxSamples = 64;

/** What one worker said of one app in the last seconds. */
export class Samples {
  readonly #samples: Sample[] = [];

  get latest(): AppStatus | null {
    return this.#samples.at(-1)?.status ?? null;
  }

  add(atMs: number, status: AppStatus): void {
    // Its clock was set back: what came before tells nothing of how fast it goes now.
    if ((this.#samples.at(-1)?.atMs ?? atMs) > atMs) this.#samples.length = 0;
    const { latest } = this;
    // Nothing was said while nothing changed: until now it was as it had been.
    if (latest !== null && atMs - (this.#samples.at(-1)?.atMs ?? atMs) > 2 * everyMs)
      this.#samples.push({ atMs: atMs - everyMs, status: latest });
    this.#samples.push({ atMs, status });
    while (this.#samples.length > maxSamples || (this.#samples[0]?.atMs ?? atMs) < atMs - keptMs) this.#samples.shift();
  }

  /** What a counter grew by per second, over the last 2 s; 0 before there are two samples. */
  perSecond(read: (status: AppStatus) => number): number {
    const span = this.#span();
    if (span === null) return 0;
    return (Math.max(0, read(span.last.status) - read(span.first.status)) * 1000) / (span.last.atMs - span.first.atMs);
  }

  /**
   * Records of each partition, `topic/partition`, that were processed per second, over the last 2 s: each once, however many agents read it. Partitions that
   * came meanwhile count from the next look on.
   */
  readPerSecond(): ReadonlyMap<string, number> {
    const span = this.#span();
    if (span === null) return new Map();
    const before = new Map(span.first.status.partitions.map((each) => [partitionId(each), BigInt(each.read)]));
    const tookMs = span.last.atMs - span.first.atMs;
    return new Map(
      span.last.status.partitions.map((each) => {
        const from = before.get(partitionId(each)) ?? BigInt(each.read);
        return [partitionId(each), (Math.max(0, Number(BigInt(each.read) - from)) * 1000) / tookMs];
      }),
    );
  }

  #span(): { readonly first: Sample; readonly last: Sample } | null {
    const last = this.#samples.at(-1);
    const first = this.#samples.find(({ atMs }) => last !== undefined && atMs >= last.atMs - rateMs);
    return last === undefined || first === undefined || first.atMs === last.atMs ? null : { first, last };
  }

  /** The share of the samples, 0 to 1, of which it holds. */
  share(holds: (status: AppStatus) => boolean): number {
    if (this.#samples.length === 0) return 0;
    return this.#samples.filter(({ status }) => holds(status)).length / this.#samples.length;
  }
}

const partitionId = ({ topic, partition }: { readonly topic: string; readonly partition: number }): string =>
  `${topic}/${partition}`;

export const meterOf = (status: AppStatus, agent: string, step: string): StepMeter | undefined =>
  status.meters[`${agent}/${step}`];
