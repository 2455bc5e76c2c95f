import { expect, test } from 'vitest';
import { type AgentLoad, backpressureOf, isHeldBack, levelOf, ratioOf } from './backpressure.ts';

const agent = (name: string, busyMs: number, backpressuredMs: number, inputHeldBack = 0): AgentLoad => ({
  agent: name,
  inputHeldBack,
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
  expect(backpressureOf([held, slow, next])).toEqual({
    level: 'HIGH',
    ratio: 0.8,
    culprit: { agent: 'score', step: 'aggregate' },
  });
});

test('an input whose buffers are full names the agent that is always at work', () => {
  expect(backpressureOf([agent('count', 1000, 0, 0.9)])).toEqual({
    level: 'HIGH',
    ratio: 0.9,
    culprit: { agent: 'count', step: 'aggregate' },
  });
});

test('nobody is to blame while all is OK, however busy', () => {
  expect(backpressureOf([agent('count', 1000, 0)])).toEqual({ level: 'OK', ratio: 0, culprit: null });
});

test('nobody in the app is to blame when all of it is held back by Kafka', () => {
  expect(backpressureOf([agent('count', 100, 900)]).culprit).toBeNull();
});

test('[S4] a partition is held back when its buffer is full, or when an agent without a pause has more before it than a buffer holds', () => {
  const partition = { paused: false, buffered: 0, bufferMax: 4_096, lag: 0 };
  expect(isHeldBack({ ...partition, buffered: 10_563, lag: 10_563 }, 500)).toBe(true);
  expect(isHeldBack({ ...partition, paused: true, buffered: 3_000, lag: 3_000 }, 500)).toBe(true);
  // Between two batches the buffer is empty, and 270,451 wait all the same.
  expect(isHeldBack({ ...partition, lag: 270_451 }, 0)).toBe(true);
  // What is on its way to an agent that has time is not held back.
  expect(isHeldBack({ ...partition, lag: 270_451 }, 400)).toBe(false);
  expect(isHeldBack({ ...partition, buffered: 900, lag: 900 }, 0)).toBe(false);
});

test("[S4] an agent's measure is the worse of its input and its output, and the app's is the worst agent's", () => {
  const agents = [agent('parse', 200, 300), agent('score', 1000, 0, 0.7)];
  expect(agents.map(ratioOf)).toEqual([0.3, 0.7]);
  expect(backpressureOf(agents).ratio).toBe(0.7);
});
