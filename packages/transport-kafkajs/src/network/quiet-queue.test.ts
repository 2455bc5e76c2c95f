import { expect, test } from 'vitest';
import { quietened } from './quiet-queue.ts';

test('a queue looks for requests that wait only while some do', () => {
  const pending: unknown[] = [];
  let looks = 0;
  const requestQueue = {
    pending,
    scheduleCheckPendingRequests: () => {
      looks++;
    },
  };
  const connection = quietened(quietened({ requestQueue }));
  connection.requestQueue.scheduleCheckPendingRequests();
  expect(looks).toBe(0);
  pending.push('a request');
  connection.requestQueue.scheduleCheckPendingRequests();
  expect(looks).toBe(1);
});
