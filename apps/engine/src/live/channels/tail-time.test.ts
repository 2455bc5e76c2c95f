import { expect, test } from 'vitest';
import { TailTime } from './tail-time.ts';

let atMs = 0;
const time = () => new TailTime({ now: () => atMs, monotonic: () => atMs, after: () => ({ cancel: () => undefined }) });

test('all tails together have 30 ms of each 100', () => {
  const shared = time();
  const slow = shared.begin();
  atMs += 20;
  expect(slow.over).toBe(false);
  slow.end();
  const other = shared.begin();
  atMs += 9;
  expect(other.over).toBe(false);
  atMs += 1;
  expect(other.over).toBe(true);
  other.end();
  expect(shared.begin().over).toBe(true);
  atMs += 70;
  expect(shared.begin().over).toBe(false);
});
