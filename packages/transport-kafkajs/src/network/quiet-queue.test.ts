import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { quietened } from './quiet-queue.ts';

type Queue = Parameters<typeof quietened>[0]['requestQueue'];

const queue = (parts: Partial<Queue>): Queue => ({
  pending: [],
  inflight: new Map(),
  requestTimeout: 30_000,
  isConnected: () => connected,
  scheduleCheckPendingRequests: () => undefined,
  scheduleRequestTimeoutCheck: () => undefined,
  destroy() {
    clearInterval(this.requestTimeoutIntervalId);
  },
  ...parts,
});

let connected = true;
beforeEach(() => {
  vi.useFakeTimers();
  connected = true;
});
afterEach(() => {
  // The one timer of all queues ends with the last connection.
  connected = false;
  vi.advanceTimersByTime(2_000);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

test('a queue looks for requests that wait only while some do', () => {
  const pending: unknown[] = [];
  let looks = 0;
  const requestQueue = queue({
    pending,
    scheduleCheckPendingRequests: () => {
      looks++;
    },
  });
  const connection = quietened(quietened({ requestQueue }));
  connection.requestQueue.scheduleCheckPendingRequests();
  expect(looks).toBe(0);
  pending.push('a request');
  connection.requestQueue.scheduleCheckPendingRequests();
  expect(looks).toBe(1);
});

test('requests that have waited too long are ended, also after the connection was opened anew; the timer goes with the last connection', () => {
  let timeouts = 0;
  const sentAt = Date.now();
  const request = { sentAt, requestTimeout: 30_000, timeoutRequest: () => void timeouts++ };
  const requestQueue = queue({ inflight: new Map([[1, request]]) });
  const { requestQueue: quiet } = quietened({ requestQueue });
  quiet.scheduleRequestTimeoutCheck();
  vi.advanceTimersByTime(30_000);
  expect(timeouts).toBe(0);
  vi.advanceTimersByTime(4_000);
  expect(timeouts).toBeGreaterThan(0);
});

test('a wall clock that jumps neither ends a request before its time nor keeps it beyond', () => {
  let timeouts = 0;
  const request = { sentAt: Date.now(), requestTimeout: 30_000, timeoutRequest: () => void timeouts++ };
  quietened({ requestQueue: queue({ inflight: new Map([[1, request]]) }) });
  vi.advanceTimersByTime(1_000);
  vi.setSystemTime(Date.now() + 3_600_000);
  vi.advanceTimersByTime(20_000);
  expect(timeouts).toBe(0);
  vi.setSystemTime(Date.now() - 7_200_000);
  vi.advanceTimersByTime(14_000);
  expect(timeouts).toBeGreaterThan(0);
});
