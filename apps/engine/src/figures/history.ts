/** Values of the last 15 minutes, one each 15 s: 60 at most. */
export class History {
  readonly #values: number[] = [];

  add(value: number): void {
    this.#values.push(value);
    if (this.#values.length > maxPoints) this.#values.shift();
  }

  /** Oldest first. */
  values(): number[] {
    return [...this.#values];
  }
}

export const historyEveryMs = 15_000;
const maxPoints = 60;
