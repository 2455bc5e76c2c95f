import { type AppStatus, placeInWords, Suspects, type Suspicion } from '@millrace/streams';
import type { WorkerDeath } from '../workers/worker-death.ts';

/** Deaths are counted over this long, ms. */
const memoryMs = 600_000;
/** An app that has ended no worker for so long, ms, and has nothing suspected of it, goes back among the others. */
const calmMs = 30_000;
/** So many deaths of its own doing that no record explains, or so many in all, end an app. */
const maxNowhere = 3;
const maxDeaths = 8;

/** What an app that ended a worker has coming: nothing new, a worker of its own, or its end. */
export type Sentence =
  | { readonly kind: 'watched' }
  | { readonly kind: 'isolated' }
  | { readonly kind: 'given-up'; readonly reason: string };

/**
 * What is known of one app that has ended workers: the records at which it did, and how often. A death that was its own doing isolates it until it has
 * committed past those records. Kept in memory: an engine that starts anew finds it out again.
 */
export class Quarantine {
  readonly #suspects = new Suspects();
  #deaths: { readonly atMs: number; readonly nowhere: boolean }[] = [];
  #reason: string | null = null;

  /** What its workers must know. */
  get suspicions(): readonly Suspicion[] {
    return this.#suspects.all;
  }

  /** Why it runs in a worker of its own, in words; null: it need not. */
  get reason(): string | null {
    return this.#reason;
  }

  /** A worker ended while this app was at work there. */
  note(worker: string, { how, certain, flight }: WorkerDeath, nowMs: number): Sentence {
    if (flight === null) return { kind: 'watched' };
    const { place } = flight;
    const verdict = this.#suspects.note({ place, reason: `its worker ${how}`, certain });
    // Killed from outside, as a system short of memory does: a chance the first time, hardly the second at the one record.
    if (!certain && !this.#suspectsOneTwice) return { kind: 'watched' };
    this.#reason = `worker ${worker} ${how} (${placeInWords(place)})`;
    this.#deaths = this.#deaths.filter(({ atMs }) => atMs > nowMs - memoryMs);
    this.#deaths.push({ atMs: nowMs, nowhere: verdict === 'nowhere' });
    const nowhere = this.#deaths.filter((death) => death.nowhere).length;
    if (nowhere < maxNowhere && this.#deaths.length < maxDeaths) return { kind: 'isolated' };
    const times = `${this.#deaths.length} times in ${memoryMs / 60_000} minutes`;
    return { kind: 'given-up', reason: `it ended its worker ${times}; the last time ${this.#reason}` };
  }

  get #suspectsOneTwice(): boolean {
    const newest = this.#suspects.all.at(-1);
    return newest !== undefined && newest.place.records.count === 1 && newest.weight >= 2;
  }

  /** What is committed past is no longer suspected. */
  told({ partitions }: AppStatus): void {
    if (this.#suspects.all.length === 0) return;
    for (const { topic, partition, committed } of partitions) {
      if (committed !== null) this.#suspects.committed(topic, partition, BigInt(committed));
    }
  }

  /** Whether it may go back among the others. */
  isOver(nowMs: number): boolean {
    const last = this.#deaths.at(-1);
    return last !== undefined && this.#suspects.all.length === 0 && nowMs >= last.atMs + calmMs;
  }
}
