/**
 * How far a partition has been compacted, and when. A tombstone may go once `delete.retention.ms` have passed since
 * the first cleaning that reached it: a reader that was behind has had that long to see it.
 */
import { readSealed, writeSealed } from '../disk/sealed-file.ts';
import type { LogEnvironment } from './partition-log.ts';

export class CleaningHistory {
  readonly #environment: LogEnvironment;
  /** Oldest first; both values grow. */
  #cleanings: { readonly upTo: bigint; readonly atMs: number }[];

  private constructor(environment: LogEnvironment, cleanings: { upTo: bigint; atMs: number }[]) {
    this.#environment = environment;
    this.#cleanings = cleanings;
  }

  static async load(environment: LogEnvironment): Promise<CleaningHistory> {
    // Sealed by a checksum over what `add` wrote.
    const saved = (await readSealed(environment.disk, fileOf(environment))) as
      | { upTo: string; atMs: number }[]
      | undefined;
    const cleanings = saved?.map(({ upTo, atMs }) => ({ upTo: BigInt(upTo), atMs })) ?? [];
    return new CleaningHistory(environment, cleanings);
  }

  /** Offsets before it have been compacted at least once. */
  get cleanedUpTo(): bigint {
    return this.#cleanings.at(-1)?.upTo ?? 0n;
  }

  /** Offsets before it were first reached by a cleaning at `beforeMs` or earlier. */
  cleanedBy(beforeMs: number): bigint {
    return this.#cleanings.findLast(({ atMs }) => atMs <= beforeMs)?.upTo ?? 0n;
  }

  /** Notes a cleaning; those older than `forgetBeforeMs` are kept as one. */
  async add(upTo: bigint, atMs: number, forgetBeforeMs: number): Promise<void> {
    const old = this.#cleanings.findLast((one) => one.atMs <= forgetBeforeMs);
    const recent = this.#cleanings.filter((one) => one.atMs > forgetBeforeMs);
    this.#cleanings = [...(old === undefined ? [] : [old]), ...recent, { upTo, atMs }];
    const saved = this.#cleanings.map((one) => ({ upTo: String(one.upTo), atMs: one.atMs }));
    await writeSealed(this.#environment.disk, fileOf(this.#environment), saved);
  }
}

function fileOf({ folder }: LogEnvironment): string {
  return `${folder}/cleanings`;
}
