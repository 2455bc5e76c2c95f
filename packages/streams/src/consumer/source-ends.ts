import type { Clock } from '../clock.ts';
import type { TaskInput } from '../task/task-input.ts';
import type { TransportAdmin } from '../transport/admin.ts';
import { partitionId } from '../transport/record.ts';

/** In a silence, how long the ends that were asked last are believed, ms: what is written is fetched without asking. */
const silenceMs = 15_000;

/** What has inputs whose ends are asked: a task. */
export interface SourceReader {
  readonly inputs: readonly TaskInput[];
  readonly quiet: boolean;
}

/** The ends of the sources, as far as batches do not bring them. */
export class SourceEnds {
  readonly #admin: Pick<TransportAdmin, 'ends'>;
  readonly #clock: Clock;
  #silentUntilMs = Number.NEGATIVE_INFINITY;

  constructor(admin: Pick<TransportAdmin, 'ends'>, clock: Clock) {
    this.#admin = admin;
    this.#clock = clock;
  }

  /**
   * Asks for those of which some partition is paused or has nothing buffered; rarely while all are silent. `held`: by a person, so that nothing is
   * fetched that would tell of itself.
   */
  async refresh(readers: Iterable<SourceReader>, held: boolean, paused: (input: TaskInput) => boolean): Promise<void> {
    let silent = !held;
    for (const { quiet } of readers) silent &&= quiet;
    const nowMs = this.#clock.monotonic();
    if (silent && nowMs < this.#silentUntilMs) return;
    this.#silentUntilMs = silent ? nowMs + silenceMs : Number.NEGATIVE_INFINITY;
    const stale = [...readers].flatMap(({ inputs }) => inputs).filter((input) => !input.buffer.head || paused(input));
    if (stale.length === 0) return;
    const ends = await this.#admin.ends(stale);
    for (const input of stale) {
      const end = ends.get(partitionId(input.topic, input.partition));
      if (end !== undefined && end > input.end) input.end = end;
    }
  }
}
