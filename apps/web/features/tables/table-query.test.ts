import { parseDocument } from '@millrace/spec';
import { expect, test } from 'vitest';
import { alertAbove, fillingWindow, keyName, sourceTopics } from './table-query.ts';

const { document } = parseDocument(`app: a
models: { Login: { ip: string, ok: boolean, ts: timestamp } }
topics: { logins: { name: raw-logins, partitions: 2, key: string, value: Login, eventTime: value.ts } }
tables: { per-ip: { key: string, window: { hopping: 5m, every: 10s }, value: { attempts: count() } } }
agents:
  count: { from: logins, steps: [{ group_by: value.ip }, { aggregate: per-ip }] }
  alert: { from: { changes: per-ip }, steps: [{ filter: value.attempts > 20 }] }
`);

const windows = [0, 10, 20, 30].map((startMs) => ({ startMs, endMs: startMs + 30, rows: 1, sum: 1, open: true }));

test('the window that fills is the oldest that ends after stream time; ends are exclusive', () => {
  //  0 ├──────────┤30      stream time 35: [0,30) is over, [10,40) has the most in it
  //     10├──────────┤40
  expect(fillingWindow(windows, 35)?.startMs).toBe(10);
  expect(fillingWindow(windows, 40)?.startMs).toBe(20);
  expect(fillingWindow(windows, 500)?.startMs).toBe(30);
  expect(fillingWindow(windows, null)?.startMs).toBe(30);
  expect(fillingWindow([], 5)).toBeNull();
});

test('a table is described by the agents around it', () => {
  expect(keyName(document, 'per-ip')).toBe('ip');
  expect(alertAbove(document, 'per-ip', 'attempts')).toEqual({ agent: 'alert', limit: 20 });
  expect(alertAbove(document, 'per-ip', 'users')).toBeNull();
  expect(sourceTopics(document, 'per-ip')).toEqual(['raw-logins']);
});
