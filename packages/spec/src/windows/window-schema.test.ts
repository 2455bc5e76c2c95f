import { expect, test } from 'vitest';
import type { Window } from '../document/document.ts';
import { parseDocument } from '../text/parse.ts';
import { keptMs, overlaps, windowsPerEvent, windowWords, writtenWindow } from './windows.ts';

const read = (window: string) =>
  parseDocument(`app: windows
topics: { in: {} }
tables: { t: { key: string, window: ${window}, value: { n: count() } } }
agents: { a: { from: in, steps: [ { aggregate: t } ] } }
`);

test('a window that would put each event into too many is refused with the number and a step that works', () => {
  const { document, problems } = read('{ hopping: 1d, every: 1s }');
  expect(document).toBeNull();
  expect(problems).toMatchObject([
    {
      code: 'bad-value',
      path: ['tables', 't', 'window', 'every'],
      message: expect.stringContaining('puts each event into 86,400 windows; 10,000 is the most'),
      hint: 'Write at least every: 8s640ms, or a shorter window.',
    },
  ]);
  expect(read('{ hopping: 1d, every: 8640ms }').document).not.toBeNull();
});

test('many windows an event are said, with the number', () => {
  const { document, problems } = read('{ hopping: 1h, every: 1s }');
  expect(document).not.toBeNull();
  expect(problems).toMatchObject([
    { code: 'many-windows', severity: 'warning', message: expect.stringContaining('into 3600 windows') },
  ]);
  expect(read('{ hopping: 5m, every: 10s }').problems).toEqual([]);
});

test('windows of a millisecond and of a year are windows', () => {
  for (const window of ['{ tumbling: 1ms }', '{ tumbling: 365d }', '{ hopping: 365d, every: 1d, grace: 7d }'])
    expect(read(window).problems).toEqual([]);
});

test.each<[Window, number, number]>([
  [{ kind: 'hopping', sizeMs: 300_000, everyMs: 10_000, graceMs: 30_000 }, 600_000, 30],
  [{ kind: 'hopping', sizeMs: 86_400_000, everyMs: 60_000, graceMs: 0 }, 86_400_000, 1440],
  [{ kind: 'tumbling', sizeMs: 60_000, graceMs: 0 }, 3_600_000, 1],
  [{ kind: 'tumbling', sizeMs: 60_000, graceMs: 0, retentionMs: 90_000 }, 90_000, 1],
])('closed windows of %j are kept for %i ms, an event is in %i', (window, ms, windows) => {
  expect(keptMs(window)).toBe(ms);
  expect(windowsPerEvent(window)).toBe(windows);
});

test.each<[Window, string, boolean]>([
  [{ kind: 'tumbling', sizeMs: 1, graceMs: 0 }, '1 ms', false],
  [{ kind: 'tumbling', sizeMs: 31_536_000_000, graceMs: 30_000, retentionMs: 63_072_000_000 }, '365 d', false],
  [{ kind: 'hopping', sizeMs: 57_000, everyMs: 23_000, graceMs: 86_400_000 }, '57 s every 23 s', true],
  [{ kind: 'hopping', sizeMs: 90_000, everyMs: 90_000, graceMs: 0 }, '1.5 min', false],
])('%j reads back as it is written, and is %s in words', (window, words, several) => {
  expect(read(JSON.stringify(writtenWindow(window))).document?.tables['t']?.window).toEqual(window);
  expect(windowWords(window)).toBe(words);
  expect(overlaps(window)).toBe(several);
});
