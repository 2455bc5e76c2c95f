import type { Clock } from '../clock.ts';
import { inStep } from '../in-step.ts';
import type { TaskInput } from '../task/task-input.ts';
import type { TransportAdmin } from '../transport/admin.ts';
import { partitionId } from '../transport/record.ts';

/** In a silence, how long the ends that were asked last are believed, about, ms: what is written is fetched without asking. */
const silenceMs = 60_000;

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

  /** Whether it is time to ask: at each look, but rarely while all are silent. `held`: nothing is fetched that would tell of itself. */
  due(readers: Iterable<SourceReader>, held: boolean): boolean {
    return !isSilent(readers, held) || this.silentForMs <= 0;
  }

  /** How long what was asked in a silence is believed from now on, ms; not positive: it is not. */
  get silentForMs(): number {
    return this.#silentUntilMs - this.#clock.monotonic();
  }

  /** Asks for those of which some partition is paused or has nothing buffered. */
  async refresh(readers: Iterable<SourceReader>, held: boolean, paused: (input: TaskInput) => boolean): Promise<void> {
    const nowMs = this.#clock.monotonic();
    this.#silentUntilMs = isSilent(readers, held) ? nowMs + inStep(silenceMs, nowMs) : Number.NEGATIVE_INFINITY;
    const stale = [...readers].flatMap(({ inputs }) => inputs).filter((input) => !input.buffer.head || paused(input));
    if (stale.length === 0) return;
    const ends = await this.#admin.ends(stale);
    for (const input of stale) {
      const end = ends.get(partitionId(input.topic, input.partition));
      if (end !== undefined && end > input.end) input.end = end;
    }
  }
}

function isSilent(readers: Iterable<SourceReader>, held: boolean): boolean {
  if (held) return false;
  for (const { quiet } of readers) if (!quiet) return false;
  return true;
}
