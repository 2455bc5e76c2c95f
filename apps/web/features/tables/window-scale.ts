import type { WindowsEntity } from '@millrace/protocol';

type WindowSpan = WindowsEntity['windows'][number];

export interface Tick {
  readonly x: number;
  readonly atMs: number;
}

/** Where times stand on the scrubber, in px. */
export interface WindowScale {
  readonly x: (atMs: number) => number;
  /** Index of the window whose end is nearest to a place. */
  readonly nearest: (x: number) => number;
  /** How far apart two windows' ends are, px. */
  readonly stepPx: number;
  readonly ticks: readonly Tick[];
}

const niceMinutes = [1 / 12, 1 / 6, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 360, 720, 1440, 2880, 10_080];
const tickPx = 130;

/** `windows` oldest first, at least one. The axis ends with the newest window's end. */
export function windowScale(windows: readonly WindowSpan[], width: number): WindowScale {
  const first = windows[0];
  const last = windows.at(-1);
  const fromMs = first?.startMs ?? 0;
  const toMs = Math.max(last?.endMs ?? 1, fromMs + 1);
  const perMs = width / (toMs - fromMs);
  const second = windows[1];
  const stepMs =
    first && second
      ? windows
          .slice(1)
          .reduce(
            (least, window, at) => Math.min(least, window.endMs - (windows[at]?.endMs ?? 0)),
            second.endMs - first.endMs,
          )
      : toMs - fromMs;
  const x = (atMs: number) => (atMs - fromMs) * perMs;
  const everyMs = (niceMinutes.find((minutes) => minutes * 60_000 * perMs >= tickPx) ?? 10_080) * 60_000;
  const ticks: Tick[] = [];
  for (let atMs = Math.ceil(fromMs / everyMs) * everyMs; atMs <= toMs; atMs += everyMs)
    ticks.push({ x: x(atMs), atMs });
  return {
    x,
    ticks,
    stepPx: stepMs * perMs,
    nearest: (place) => {
      const atMs = fromMs + place / perMs;
      let best = 0;
      for (const [index, window] of windows.entries()) {
        if (Math.abs(window.endMs - atMs) < Math.abs((windows[best]?.endMs ?? 0) - atMs)) best = index;
      }
      return best;
    },
  };
}
