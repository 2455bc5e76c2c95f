import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { pause } from './back-off.ts';

test('any number of pauses on a signal has one listener of it, and its abort ends them all', async () => {
  const over = new AbortController();
  const pauses = Array.from({ length: 20 }, () => pause(3_600_000, over.signal));
  expect(getEventListeners(over.signal, 'abort')).toHaveLength(1);
  over.abort();
  await Promise.all(pauses);
  await pause(3_600_000, over.signal);
});
