import { type LifecycleEvent, transitions } from './lifecycle.ts';
import type { AppState } from './status.ts';

/** The state that an app is in, and who is told of its changes. */
export class AppStateHolder {
  readonly #changed: (from: AppState, to: AppState) => void;
  readonly #listeners = new Set<(state: AppState) => void>();
  #state: AppState = { kind: 'starting' };

  /** `changed` is told before the listeners. */
  constructor(changed: (from: AppState, to: AppState) => void) {
    this.#changed = changed;
  }

  get current(): AppState {
    return this.#state;
  }

  /** Since when it has been tried again without success; now, if it has not. */
  troubledSince(nowMs: number): number {
    return this.#state.kind === 'retrying' ? this.#state.sinceMs : nowMs;
  }

  /** Enters `to` if the event leads there from here; otherwise nothing changes. */
  enter(event: LifecycleEvent, to: AppState): void {
    if (transitions[this.#state.kind][event] !== to.kind) return;
    const from = this.#state;
    this.#state = to;
    this.#changed(from, to);
    for (const listener of [...this.#listeners]) listener(to);
  }

  listen(listener: (state: AppState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
