import { expect, test } from 'vitest';
import { LoadMeter } from './load-meter.ts';

test('[S1] busy, idle and backpressured add up to 1000 ms a second, as means over 5 s', () => {
  const meter = new LoadMeter(0);
  meter.enter('busy', 1_000);
  meter.enter('backpressured', 3_000);
  meter.enter('idle', 4_000);
  expect(meter.read(5_000)).toEqual({ busyMs: 400, idleMs: 400, backpressuredMs: 200 });
});

test('[S1] what happened more than 5 s ago no longer counts', () => {
  const meter = new LoadMeter(0);
  meter.enter('busy', 0);
  meter.enter('idle', 2_000);
  expect(meter.read(60_000)).toEqual({ busyMs: 0, idleMs: 1_000, backpressuredMs: 0 });
});

test('[S1] a busy stretch longer than the window reads as wholly busy', () => {
  const meter = new LoadMeter(0);
  meter.enter('busy', 0);
  expect(meter.read(300_000).busyMs).toBe(1_000);
});

test('[S1] time that fractions of a millisecond put just short of a second goes on', () => {
  const startedMs = 51981.4085380885; // 53 s later, `from - startedMs` rounds to less than 53 000
  const meter = new LoadMeter(startedMs);
  meter.enter('busy', startedMs + 52_000);
  expect(meter.read(startedMs + 53_000).busyMs).toBeGreaterThan(0);
  expect(meter.read(startedMs + 54_000).busyMs).toBeGreaterThan(0);
});
