import type { Clock } from '../clock.ts';
import type { TaskInput } from '../task/task-input.ts';
import type { TransportAdmin } from '../transport/admin.ts';
import { partitionId } from '../transport/record.ts';

/** How often records that are done with are deleted, ms, at most; the first time after as long, so that they can be looked at. */
const everyMs = 30_000;

export interface RepartitionPurgeOptions {
  readonly admin: Pick<TransportAdmin, 'deleteRecords'>;
  readonly clock: Clock;
  /** What was to be deleted stays until the next time. */
  readonly failed: (error: unknown) => void;
}

/**
 * Repartition topics keep their records for ever, so that none is lost for its event's age while it is under way (SPEC O9): this deletes what the
 * group has committed, which no restore goes back behind (C5). One request at a time.
 */
export class RepartitionPurge {
  readonly #options: RepartitionPurgeOptions;
  readonly #deleted = new Map<string, bigint>();
  #nextMs: number;
  #busy = false;

  constructor(options: RepartitionPurgeOptions) {
    this.#options = options;
    this.#nextMs = options.clock.monotonic() + everyMs;
  }

  /** To be called after a commit. `topics`: the app's own repartition topics; others are never touched. */
  committed(inputs: Iterable<TaskInput>, topics: ReadonlySet<string>): void {
    const { admin, clock, failed } = this.#options;
    if (this.#busy || topics.size === 0 || clock.monotonic() < this.#nextMs) return;
    const done = [...inputs].flatMap(({ topic, partition, committed: offset }) =>
      offset !== null && topics.has(topic) && offset > (this.#deleted.get(partitionId(topic, partition)) ?? 0n)
        ? [{ topic, partition, offset }]
        : [],
    );
    if (done.length === 0) return;
    this.#busy = true;
    this.#nextMs = clock.monotonic() + everyMs;
    void admin
      .deleteRecords(done)
      .then(() => {
        for (const { topic, partition, offset } of done) this.#deleted.set(partitionId(topic, partition), offset);
      })
      .catch(failed)
      .finally(() => {
        this.#busy = false;
      });
  }
}
