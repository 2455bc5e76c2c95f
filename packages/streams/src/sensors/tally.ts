/** A count that is worth a word when it begins, and whenever it has grown tenfold. */
export class Tally {
  #count = 0;
  #next = 1;

  get count(): number {
    return this.#count;
  }

  /** Whether it is worth a word now. */
  add(more: number): boolean {
    this.#count += more;
    if (this.#count < this.#next) return false;
    while (this.#next <= this.#count) this.#next *= 10;
    return true;
  }
}
