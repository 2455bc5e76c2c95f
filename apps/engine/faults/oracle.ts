import { hoppingSizeMs, hoppingStepMs, tumblingMs } from './document.ts';
import type { Sale } from './load.ts';

/** `key@windowStart` → what a naive computation over all the sales gives. */
export interface Expected {
  readonly byShop: ReadonlyMap<string, { readonly count: number; readonly sum: number }>;
  readonly byBuyer: ReadonlyMap<string, number>;
}

export const expectedOf = (sales: readonly Sale[]): Expected => {
  const byShop = new Map<string, { count: number; sum: number }>();
  const byBuyer = new Map<string, number>();
  for (const { shop, buyer, amount, ts } of sales) {
    if (amount <= 0) continue;
    const newest = Math.floor(ts / hoppingStepMs) * hoppingStepMs;
    for (let start = newest; start + hoppingSizeMs > ts; start -= hoppingStepMs) {
      const cell = byShop.get(`${shop}@${start}`) ?? { count: 0, sum: 0 };
      byShop.set(`${shop}@${start}`, { count: cell.count + 1, sum: cell.sum + amount });
    }
    const window = `${buyer}@${Math.floor(ts / tumblingMs) * tumblingMs}`;
    byBuyer.set(window, (byBuyer.get(window) ?? 0) + 1);
  }
  return { byShop, byBuyer };
};
