import type { RecordBatch } from '../transport/record.ts';
import { WorkFault } from './work-fault.ts';
import type { WorkPhase, WorkPlace } from './work-place.ts';

/**
 * Is told where work begins, before it does; null: nothing is at work. Synchronous: once it returns, the place survives the process
 * (a worker writes it to a file).
 */
export type PlaceListener = (place: WorkPlace | null) => void;

/** Where one app on this worker is at work right now. One at a time: work is synchronous. */
export class WorkCursor {
  readonly #told: PlaceListener | undefined;
  #place: WorkPlace | null = null;

  constructor(told?: PlaceListener) {
    this.#told = told;
  }

  /** Records `[from, to)` of a batch, by their index. */
  records(phase: 'decode' | 'process', task: string, batch: RecordBatch, from: number, to: number): void {
    const { topic, partition, baseOffset, nextOffset, records } = batch;
    const last = records[to];
    this.#move({
      phase,
      task,
      records: {
        topic,
        partition,
        from: String(baseOffset + BigInt(records[from]?.delta ?? 0)),
        to: String(last === undefined ? nextOffset : baseOffset + BigInt(last.delta)),
        count: to - from,
      },
    });
  }

  task(phase: Extract<WorkPhase, 'flush' | 'restore'>, task: string): void {
    this.#move({ phase, task });
  }

  /** The step of an agent that has its turn, at the same place. */
  step(agent: string, step: string): void {
    if (this.#place !== null) this.#move({ ...this.#place, agent, step });
  }

  end(): void {
    if (this.#place !== null) this.#move(null);
  }

  /** Work has thrown: the error, with the place. */
  fault(error: unknown): unknown {
    const place = this.#place;
    this.end();
    return place === null ? error : new WorkFault(place, error);
  }

  #move(place: WorkPlace | null): void {
    this.#place = place;
    this.#told?.(place);
  }
}
