import type { TransportError } from '@millrace/streams';

/** Joins failures of several sources into one: failed from the first to fail until the last has recovered. */
export class Health {
  readonly #failing = new Map<string, string>();
  readonly #failed: (error: TransportError) => void;
  readonly #recovered: () => void;

  constructor(failed: (error: TransportError) => void, recovered: () => void) {
    this.#failed = failed;
    this.#recovered = recovered;
  }

  /** Tells what is new: another source, or another reason. */
  failed(source: string, error: TransportError): void {
    if (this.#failing.get(source) === error.message) return;
    this.#failing.set(source, error.message);
    this.#failed(error);
  }

  recovered(source: string): void {
    if (this.#failing.size === 0 || !this.#failing.delete(source)) return;
    if (this.#failing.size === 0) this.#recovered();
  }
}
