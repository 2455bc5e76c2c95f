import type { HealthEntity } from '@millrace/protocol';
import { type Clock, inStep } from '@millrace/streams';
import { backOffMs } from '../back-off.ts';
import { type Log, saying } from '../log.ts';

const everyMs = 2_000;
const firstRetryMs = 500;
const maxRetryMs = 15_000;
const maxAttempts = 5;
/** A neighbour that says nothing for so long does not answer, whatever its client's own patience. */
const answerWithinMs = 5_000;

export interface ProbeOptions {
  readonly id: HealthEntity['id'];
  /** As people call it: `Kafka`. */
  readonly name: string;
  readonly addresses: readonly string[];
  /** Asks; resolves with figures to show. Throws what it said. */
  readonly ask: () => Promise<Readonly<Record<string, number>>>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Asks a neighbour how it is every 2 s; with back-off up to 15 s while it does not answer. Remembers the last five failures since it answered. */
export class Probe {
  readonly #options: ProbeOptions;
  #entity: HealthEntity;
  #failures = 0;
  #timer: { cancel(): void } | undefined;
  #asking: Promise<void> | null = null;
  #stopped = false;

  constructor(options: ProbeOptions) {
    this.#options = options;
    this.#entity = {
      id: options.id,
      type: 'health',
      ok: true,
      message: `${options.name} at ${options.addresses.join(', ')} is being asked`,
      attempts: [],
      sinceMs: options.clock.now(),
      nextTryMs: null,
      figures: {},
    };
  }

  get entity(): HealthEntity {
    return this.#entity;
  }

  start(): void {
    void this.askNow();
  }

  /** Asks at once; resolves with the answer. Never rejects. */
  askNow(): Promise<void> {
    this.#timer?.cancel();
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  async #ask(): Promise<void> {
    const { ask, clock, log, name, addresses } = this.#options;
    const startMs = clock.monotonic();
    let waitMs = inStep(everyMs, startMs);
    try {
      const figures = await this.#within(ask());
      const latencyMs = Math.round((clock.monotonic() - startMs) * 10) / 10;
      if (!this.#entity.ok) log(`${name} answers again`);
      this.#failures = 0;
      this.#become(true, {
        message: `${name} at ${addresses.join(', ')} answers`,
        attempts: [],
        nextTryMs: null,
        figures: { ...figures, latencyMs },
      });
    } catch (error) {
      const said = saying(error);
      this.#failures += 1;
      waitMs = backOffMs(this.#failures, firstRetryMs, maxRetryMs);
      if (this.#entity.ok) log(`${name} does not answer: ${said}`);
      const atMs = clock.now();
      const attempts = [...addresses.map((address) => ({ address, said, atMs })), ...this.#entity.attempts].slice(
        0,
        maxAttempts,
      );
      const message = `${name} at ${addresses.join(', ')}: ${said}`;
      this.#become(false, { message, attempts, nextTryMs: atMs + waitMs, figures: {} });
    }
    if (!this.#stopped) this.#timer = clock.after(waitMs, () => void this.askNow()); // never rejects
  }

  /** Rejects when there is no answer in time; a late one is let go. */
  #within<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = this.#options.clock.after(answerWithinMs, () =>
        reject(new Error(`silent for ${answerWithinMs / 1_000} s`)),
      );
      answer.then(resolve, reject).finally(() => timer.cancel());
    });
  }

  #become(ok: boolean, said: Pick<HealthEntity, 'message' | 'attempts' | 'nextTryMs' | 'figures'>): void {
    const sinceMs = ok === this.#entity.ok ? this.#entity.sinceMs : this.#options.clock.now();
    this.#entity = { ...this.#entity, ...said, ok, sinceMs };
  }
}
