import { expect, test } from 'vitest';
import { TailCounts } from './tail-counts.ts';

test('seen = shown + skipped + filtered, whatever comes and is shown, also while paused', () => {
  const counts = new TailCounts();
  counts.arrived(300, 50);
  counts.shown(200);
  expect(counts.read(0)).toMatchObject({ seen: 350, shown: 200, skipped: 100, filtered: 50, newWhilePaused: 0 });
  counts.pause(true);
  counts.arrived(1_000, 240);
  expect(counts.read(100)).toMatchObject({
    seen: 1_590,
    shown: 200,
    skipped: 1_100,
    filtered: 290,
    paused: true,
    newWhilePaused: 1_000,
  });
  counts.pause(false);
  counts.shown(200);
  expect(counts.read(200)).toMatchObject({
    seen: 1_590,
    shown: 400,
    skipped: 900,
    filtered: 290,
    paused: false,
    newWhilePaused: 0,
  });
});

test('the rate is of all that was seen, over the last 2 s', () => {
  const counts = new TailCounts();
  counts.read(0);
  counts.arrived(500, 500);
  expect(counts.read(2_000).perSecond).toBe(500);
});
