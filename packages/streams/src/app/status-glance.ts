/** Tells whether a row of values is another than when it was last looked at. To be asked often: it makes nothing new where nothing is. */
export class StatusGlance {
  readonly #seen: unknown[] = [];
  #at = 0;
  #changed = false;

  /** The next value of the row. */
  see(value: unknown): void {
    if (this.#at >= this.#seen.length || this.#seen[this.#at] !== value) {
      this.#seen[this.#at] = value;
      this.#changed = true;
    }
    this.#at++;
  }

  /** The row is over: whether it differs from the last one. */
  done(): boolean {
    const changed = this.#changed || this.#at < this.#seen.length;
    this.#seen.length = this.#at;
    this.#at = 0;
    this.#changed = false;
    return changed;
  }
}
