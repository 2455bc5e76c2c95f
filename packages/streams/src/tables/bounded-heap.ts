/** The first `limit` of any number of items by an order, in memory for `limit`: the last of those held is at the root. */
export class BoundedHeap<T> {
  readonly #limit: number;
  readonly #compare: (a: T, b: T) => number;
  readonly #items: T[] = [];

  constructor(limit: number, compare: (a: T, b: T) => number) {
    this.#limit = limit;
    this.#compare = compare;
  }

  offer(item: T): void {
    const items = this.#items;
    if (items.length < this.#limit) {
      items.push(item);
      this.#up(items.length - 1);
    } else if (items.length > 0 && this.#compare(item, items[0] as T) < 0) {
      // not empty, as just seen
      items[0] = item;
      this.#down(0);
    }
  }

  /** In order. */
  sorted(): T[] {
    return [...this.#items].sort(this.#compare);
  }

  #up(from: number): void {
    const items = this.#items;
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!this.#after(at, parent)) return;
      [items[at], items[parent]] = [items[parent] as T, items[at] as T]; // both within length
      at = parent;
    }
  }

  #down(from: number): void {
    const items = this.#items;
    for (let at = from; ; ) {
      const left = 2 * at + 1;
      if (left >= items.length) return;
      const child = left + 1 < items.length && this.#after(left + 1, left) ? left + 1 : left;
      if (!this.#after(child, at)) return;
      [items[at], items[child]] = [items[child] as T, items[at] as T]; // both within length
      at = child;
    }
  }

  #after(a: number, b: number): boolean {
    return this.#compare(this.#items[a] as T, this.#items[b] as T) > 0; // both within length
  }
}
