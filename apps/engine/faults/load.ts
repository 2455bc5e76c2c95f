import { integer, type Random } from '@millrace/examples';

/** What the campaign's app counts. */
export interface Sale {
  readonly shop: string;
  readonly buyer: string;
  readonly amount: number;
  readonly ts: number;
}

export const partitions = 3;
const shops = 6;
const buyers = 15;
/** Of event time between two events, ms. */
const paceMs = 20;

/** Sales in the order of their event time, some of them of no amount: those are filtered. */
export const salesOf = (random: Random, count: number, startMs: number): Sale[] =>
  Array.from({ length: count }, (_, at) => ({
    shop: `shop-${integer(random, shops)}`,
    buyer: `buyer-${integer(random, buyers)}`,
    amount: integer(random, 10),
    ts: startMs + at * paceMs,
  }));
