import type { StepMeter, StepMeters } from '../topology/topology.ts';

/** The counters of every step of one app on this worker. */
export class CountingStepMeters implements StepMeters {
  readonly #meters = new Map<string, StepMeter>();

  step(agent: string, step: string): StepMeter {
    const id = `${agent}/${step}`;
    let meter = this.#meters.get(id);
    if (!meter) {
      meter = { in: 0, out: 0, dropped: 0, late: 0, errors: 0, busyMs: 0 };
      this.#meters.set(id, meter);
    }
    return meter;
  }

  all(): ReadonlyMap<string, StepMeter> {
    return this.#meters;
  }
}
