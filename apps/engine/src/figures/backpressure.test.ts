import { expect, test } from 'vitest';
import { type AgentLoad, backpressureOf, levelOf } from './backpressure.ts';

const agent = (name: string, busyMs: number, backpressuredMs: number): AgentLoad => ({
  agent: name,
  busyMs,
  backpressuredMs,
  idleMs: 1000 - busyMs - backpressuredMs,
  steps: [
    { step: 'filter', busyMs: busyMs / 10 },
    { step: 'aggregate', busyMs: busyMs / 2 },
  ],
});

test('[Flink] OK to 0.10, LOW to 0.5, HIGH above', () => {
  expect([0, 0.1, 0.11, 0.5, 0.51, 1].map(levelOf)).toEqual(['OK', 'OK', 'LOW', 'LOW', 'HIGH', 'HIGH']);
});

test('[FLINK-20718] the culprit is the first that is not held back itself and never idle, by its slowest step', () => {
  const held = agent('parse', 200, 800);
  const slow = agent('score', 1000, 0);
  const next = agent('store', 1000, 0);
  expect(backpressureOf([held, slow, next], 0)).toEqual({
    level: 'HIGH',
    ratio: 0.8,
    culprit: { agent: 'score', step: 'aggregate' },
  });
});

test('an input whose buffers are full names the agent that is always at work', () => {
  expect(backpressureOf([agent('count', 1000, 0)], 0.9)).toEqual({
    level: 'HIGH',
    ratio: 0.9,
    culprit: { agent: 'count', step: 'aggregate' },
  });
});

test('nobody is to blame while all is OK, however busy', () => {
  expect(backpressureOf([agent('count', 1000, 0)], 0)).toEqual({ level: 'OK', ratio: 0, culprit: null });
});

test('nobody in the app is to blame when all of it is held back by Kafka', () => {
  expect(backpressureOf([agent('count', 100, 900)], 0).culprit).toBeNull();
});
