import { expect, test } from 'vitest';
import { nextServiceState, type ServiceEvent, type ServiceState } from './service-state.ts';

const walk = (events: readonly ServiceEvent[]) => events.reduce<ServiceState>(nextServiceState, 'idle');

test('a process that ends by itself waits and is started again', () => {
  expect(walk(['start', 'ready', 'exited'])).toBe('waiting');
  expect(walk(['start', 'ready', 'exited', 'start', 'ready'])).toBe('ready');
});

test('a process that is asked to stop is not started again, whatever comes late', () => {
  expect(walk(['start', 'ready', 'stop', 'exited', 'start', 'ready'])).toBe('stopped');
  expect(walk(['start', 'exited', 'stop', 'start'])).toBe('stopped');
});
