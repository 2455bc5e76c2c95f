import { generators } from '@millrace/examples';
import type { Clock, ProducedRecord, Transport } from '@millrace/streams';
import type { FromGenerator, ToGenerator } from '../ipc/generator-messages.ts';
import { Pace } from './pace.ts';

type Start = Extract<ToGenerator, { type: 'start' }>;

const tickMs = 10;
const progressMs = 250;
const rateMs = 2_000;
/** Events are made in slices of this, so that a high rate does not hold up the sending. */
const sliceSize = 2_000;

/** Writes a kind's events at a rate until its count is reached or `signal` aborts. Rejects when Kafka refuses them for good. */
export class GeneratorRun {
  readonly #start: Start;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #tell: (message: FromGenerator) => void;
  readonly #pace: Pace;
  #next: (nowMs: number) => { key: string; value: unknown; timestampMs: number };
  #made = 0;
  #acknowledged = 0;
  readonly #marks: { readonly atMs: number; readonly sent: number }[] = [];

  /** Throws where there is no such kind. */
  constructor(start: Start, transport: Transport, clock: Clock, tell: (message: FromGenerator) => void) {
    this.#start = start;
    this.#transport = transport;
    this.#clock = clock;
    this.#tell = tell;
    this.#pace = new Pace(start.ratePerSecond, clock.monotonic());
    this.#next = kindNamed(start.generator).create({ seed: start.seed, skew: start.skew });
  }

  /** Events that Kafka has acknowledged. */
  get sent(): number {
    return this.#acknowledged;
  }

  change(ratePerSecond: number, skew: number): void {
    this.#pace.ratePerSecond = ratePerSecond;
    this.#next = kindNamed(this.#start.generator).create({ seed: this.#start.seed + this.#made, skew });
  }

  async run(signal: AbortSignal): Promise<void> {
    const producer = this.#transport.producer({ lingerMs: tickMs });
    const most = this.#start.count ?? Number.POSITIVE_INFINITY;
    let toldMs = this.#clock.monotonic();
    try {
      while (!signal.aborted && this.#made < most) {
        let due = Math.min(this.#pace.due(this.#clock.monotonic()), most - this.#made);
        while (due > 0 && !signal.aborted) {
          if (producer.full) await producer.drained();
          const size = Math.min(due, sliceSize);
          producer.send(this.#events(size));
          due -= size;
        }
        const nowMs = this.#clock.monotonic();
        if (nowMs - toldMs >= progressMs) {
          toldMs = nowMs;
          await producer.flush();
          this.#progress(nowMs);
        }
        await new Promise<void>((resolve) => void this.#clock.after(tickMs, resolve));
      }
      await producer.flush();
      this.#acknowledged = this.#made;
    } finally {
      await producer.close();
    }
  }

  #events(size: number): ProducedRecord[] {
    const nowMs = this.#clock.now();
    this.#made += size;
    return Array.from({ length: size }, () => {
      const { key, value, timestampMs } = this.#next(nowMs);
      return {
        topic: this.#start.topic,
        key: Buffer.from(key),
        value: Buffer.from(JSON.stringify(value)),
        timestampMs,
      };
    });
  }

  #progress(nowMs: number): void {
    this.#acknowledged = this.#made;
    this.#marks.push({ atMs: nowMs, sent: this.#acknowledged });
    while ((this.#marks[0]?.atMs ?? nowMs) < nowMs - rateMs) this.#marks.shift();
    const first = this.#marks[0];
    const tookMs = nowMs - (first?.atMs ?? nowMs);
    const actualPerSecond = tookMs === 0 ? 0 : ((this.#acknowledged - (first?.sent ?? 0)) * 1_000) / tookMs;
    this.#tell({ type: 'progress', sent: this.#acknowledged, actualPerSecond });
  }
}

function kindNamed(id: string) {
  const kind = generators[id];
  if (kind === undefined) throw new Error(`There is no generator ${id}`);
  return kind;
}
