import type { AppStatus } from '../app/status.ts';
import type { RecordFailure } from '../topology/topology.ts';

type LoggedFailure = AppStatus['failures'][number];

/** The newest 20 failures, newest first. */
export class FailureLog {
  #newest: readonly LoggedFailure[] = [];

  add(failure: RecordFailure, atMs: number): void {
    const { topic, partition, offset, reason, agent, step, source } = failure;
    const logged: LoggedFailure = {
      atMs,
      topic,
      partition,
      offset: String(offset),
      reason,
      ...(source === undefined ? {} : { source: { ...source, offset: String(source.offset) } }),
      ...(agent === undefined ? {} : { agent }),
      ...(step === undefined ? {} : { step }),
    };
    this.#newest = [logged, ...this.#newest.slice(0, 19)];
  }

  newest(): readonly LoggedFailure[] {
    return this.#newest;
  }
}
