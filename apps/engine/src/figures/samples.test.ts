import type { AppStatus } from '@millrace/streams';
import { expect, test } from 'vitest';
import { Samples } from './samples.ts';

/** A status in which partitions were read up to these offsets; the rest of it is not looked at. */
const status = (read: Readonly<Record<string, number>>): AppStatus => {
  const partitions = Object.entries(read).map(([id, offset]) => {
    const [topic = '', partition = ''] = id.split('/');
    return { topic, partition: Number(partition), read: String(offset) };
  });
  return { partitions } as unknown as AppStatus; // only the partitions' positions are read
};

test('records count once, however many agents read them, and a partition that comes or begins again makes no jump', () => {
  const samples = new Samples();
  samples.add(0, status({ 'orders/0': 100, 'orders/1': 500, 'other/0': 0 }));
  samples.add(1_000, status({ 'orders/0': 350, 'orders/1': 20, 'orders/2': 9_000, 'other/0': 70 }));
  expect(Object.fromEntries(samples.readPerSecond())).toEqual({
    'orders/0': 250,
    'orders/1': 0,
    'orders/2': 0,
    'other/0': 70,
  });
});

test('what is not told is as it was: after a silence, a record counts with the seconds that it came in', () => {
  const samples = new Samples();
  samples.add(0, status({ 'orders/0': 100 }));
  samples.add(5_000, status({ 'orders/0': 100 }));
  samples.add(9_000, status({ 'orders/0': 101 }));
  samples.add(9_250, status({ 'orders/0': 101 }));
  expect(samples.readPerSecond().get('orders/0')).toBe(2);
});

test('a wall clock that is set back makes no rate negative, and rates go on at once', () => {
  const samples = new Samples();
  samples.add(3_600_000, status({ 'orders/0': 100 }));
  samples.add(3_601_000, status({ 'orders/0': 200 }));
  samples.add(1_000, status({ 'orders/0': 300 }));
  expect(samples.readPerSecond().get('orders/0') ?? 0).toBe(0);
  samples.add(2_000, status({ 'orders/0': 450 }));
  expect(samples.readPerSecond().get('orders/0')).toBe(150);
});
