import { expect, test } from 'vitest';
import { inUnits } from './health-figures.tsx';

test('figures of what Millrace stands on are told with their units', () => {
  expect(inUnits('latencyMs', 2.4)).toEqual({ value: '2.4', unit: 'ms latency' });
  expect(inUnits('latencyMs', 2)).toEqual({ value: '2.0', unit: 'ms latency' });
  expect(inUnits('brokers', 1)).toEqual({ value: '1', unit: 'broker' });
  expect(inUnits('brokers', 3)).toEqual({ value: '3', unit: 'brokers' });
  expect(inUnits('freeBytes', 5 * 1024 ** 3)).toEqual({ value: '5.0', unit: 'GB free' });
});
