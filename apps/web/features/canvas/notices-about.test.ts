import type { NoticeEntity } from '@millrace/protocol';
import { parseDocument } from '@millrace/spec';
import { expect, test } from 'vitest';
import { noticesAbout } from './notices-about.ts';

const { document } = parseDocument(`app: shop
topics:
  orders: { name: shop.orders, partitions: 1, key: string, value: { n: long } }
  bills: { partitions: 1, key: string, value: { n: long } }
agents:
  bill: { from: orders, steps: [ { send: bills } ] }
  watch: { from: bills, steps: [] }
`);
const notice = (topic: string | null, agent: string | null): NoticeEntity => ({
  id: `notice:${topic} ${agent}`,
  type: 'notice',
  atMs: 0,
  words: `${topic} ${agent}`,
  topic,
  agent,
});
const all = [notice('shop.orders', null), notice('bills', 'bill'), notice(null, null)];

test.each([
  ['topic:orders', ['shop.orders null']],
  ['topic:bills', ['bills bill']],
  ['agent:bill', ['shop.orders null', 'bills bill']],
  ['agent:watch', []],
  ['table:orders', []],
])('[B3] at %s stands what is said of it, of an agent also what is said of the topics that it reads', (id, words) => {
  if (document === null) throw new Error('the document reads');
  expect(noticesAbout(id, document, all).map((each) => each.words)).toEqual(words);
});
