import type { EventGenerator } from './generator.ts';
import { integer, normal, type Random, seededRandom } from './random.ts';
import { zipf } from './zipf.ts';

const customerCount = 2_000;
const cancelRate = 0.05;
const paidRate = 0.7;
const regions = ['north', 'south', 'east', 'west', 'overseas'] as const;

const hex = (random: Random, digits: number): string =>
  integer(random, 16 ** digits)
    .toString(16)
    .padStart(digits, '0');

/** A version 4 UUID from the generator's own randomness. */
const uuid = (random: Random): string =>
  `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-${(8 + integer(random, 4)).toString(16)}${hex(random, 3)}-${hex(random, 8)}${hex(random, 4)}`;

export const orders: EventGenerator = {
  title: 'Orders',
  description: 'A shop’s orders: five regions, prices around 40, a twentieth cancelled',
  defaultTopic: 'orders',
  template: 'orders-by-region',
  create({ seed, skew }) {
    const random = seededRandom(seed);
    const nextCustomer = zipf(random, customerCount, skew);
    const nextRegion = zipf(random, regions.length, skew);
    return (nowMs) => {
      const customer = `customer-${nextCustomer()}`;
      const items = 1 + furtherItems(random);
      const amount = Math.round(items * Math.exp(normal(random, 3.2, 0.6)) * 100) / 100;
      const fate = random();
      const status = fate < cancelRate ? 'cancelled' : fate < cancelRate + paidRate ? 'paid' : 'placed';
      const value = {
        id: uuid(random),
        customer,
        region: regions[nextRegion()] ?? regions[0],
        amount,
        items,
        status,
        ts: nowMs,
      };
      return { key: customer, value, timestampMs: nowMs };
    };
  },
};

/** Items beyond the first: each next one half as likely, nine at most. */
const furtherItems = (random: Random): number => Math.min(9, Math.floor(-Math.log2(1 - random())));
