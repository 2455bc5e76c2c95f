import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProcessorDriver } from '../testing/processor-driver.ts';
import { windowsOf } from '../windows/windows-of.ts';

const app = (table: string) => `
app: tables
topics:
  in: { partitions: 1, key: string, value: { v: long, s: string, ts: timestamp }, eventTime: value.ts }
tables:
  t: ${table}
agents:
  a: { from: in, steps: [ { aggregate: t } ] }
`;
const value =
  'value: { n: count(), total: sum(value.v), least: min(value.v), last: last(value.s), users: distinct(value.s) }';
const changelog = 'tables-t-changelog';

interface Event {
  readonly key: string;
  readonly ts: number;
  readonly v: number;
  readonly s: string;
}

/** The same, computed naively from all events. */
const oracle = (
  events: readonly Event[],
  window: { sizeMs: number; everyMs: number; graceMs: number } | undefined,
): string[] => {
  const groups = new Map<string, Event[]>();
  let streamTimeMs = Number.NEGATIVE_INFINITY;
  for (const event of events) {
    streamTimeMs = Math.max(streamTimeMs, event.ts);
    const starts =
      window === undefined
        ? ['']
        : windowsOf({ kind: 'hopping', ...window }, event.ts).filter(
            (start) => start + window.sizeMs > streamTimeMs - window.graceMs,
          );
    for (const start of starts)
      groups.set(`${event.key}@${start}`, [...(groups.get(`${event.key}@${start}`) ?? []), event]);
  }
  return [...groups]
    .map(([id, members]) => {
      const latest = Math.max(...members.map(({ ts }) => ts));
      return `${id}: ${JSON.stringify({
        n: members.length,
        total: members.reduce((sum, { v }) => sum + v, 0),
        least: Math.min(...members.map(({ v }) => v)),
        last: members.findLast(({ ts }) => ts === latest)?.s,
        users: new Set(members.map(({ s }) => s)).size,
      })}`;
    })
    .sort();
};

const eventsOf = fc.array(
  fc.record({
    key: fc.constantFrom('a', 'b', 'ü"', ''),
    ts: fc.integer({ min: -200, max: 400 }),
    v: fc.integer({ min: -9, max: 9 }),
    s: fc.constantFrom('x', 'y', 'z'),
  }),
  { maxLength: 60 },
);

test.each([
  ['plain', undefined, `{ key: string, ${value} }`],
  [
    'tumbling',
    { sizeMs: 50, everyMs: 50, graceMs: 20 },
    `{ key: string, window: { tumbling: 50ms, grace: 20ms }, ${value} }`,
  ],
  [
    'hopping',
    { sizeMs: 50, everyMs: 15, graceMs: 100 },
    `{ key: string, window: { hopping: 50ms, every: 15ms, grace: 100ms }, ${value} }`,
  ],
] as const)(
  '[T1] [T2] a %s table holds what its events amount to, over restores from the changelog and swaps at any point',
  (_, window, table) => {
    // Kept for ever: the oracle forgets nothing.
    const yaml = app(table.replace('grace', 'retention: 1d, grace'));
    fc.assert(
      fc.property(
        eventsOf,
        fc.array(fc.constantFrom('restart', 'swap', 'flush', 'none'), { minLength: 1, maxLength: 5 }),
        (events, interruptions) => {
          let driver = new ProcessorDriver(yaml);
          const chunk = Math.ceil(events.length / interruptions.length);
          let log = driver.sent;
          for (const [i, interruption] of interruptions.entries()) {
            driver.pipe(
              'in',
              ...events.slice(i * chunk, (i + 1) * chunk).map(({ key, ...rest }) => ({ key, value: rest })),
            );
            if (interruption !== 'none') driver.flush();
            if (interruption === 'swap') driver.swap(yaml);
            if (interruption === 'restart') {
              driver = driver.restart(yaml);
              driver.sent.unshift(...log);
              log = driver.sent;
            }
          }
          expect(driver.rows('t')).toEqual(oracle(events, window));
        },
      ),
      { numRuns: 150 },
    );
  },
);

const tumbling = app('{ key: string, window: { tumbling: 10ms, grace: 5ms, retention: 20ms }, value: { n: count() } }');
const at = (...times: number[]) => times.map((ts) => ({ key: 'k', value: { v: 1, s: '', ts } }));

test("[T4] one changelog record for each entry that changed since the last flush, at its highest event time, then one of the table's time", () => {
  const driver = new ProcessorDriver(tumbling);
  driver.pipe('in', ...at(1, 9, 3, 12));
  driver.flush();
  driver.flush();
  expect(driver.sentTo(changelog)).toEqual([
    { key: '["k",0]', value: '{"l":"string/10/10","u":1000,"s":{"n:count":3}}', timestampMs: 9 },
    { key: '["k",10]', value: '{"l":"string/10/10","u":1000,"s":{"n:count":1}}', timestampMs: 12 },
    { key: '{"time":true}', value: '{"l":"string/10/10","t":12,"e":7}', timestampMs: 12 },
  ]);
});

test('[T5] a window is forgotten, with a tombstone, when it has been closed for its retention; also one that a restore brought back', () => {
  const driver = new ProcessorDriver(tumbling);
  driver.pipe('in', ...at(1, 34));
  driver.flush();
  expect(driver.rows('t')).toHaveLength(2);
  const restored = driver.restart(tumbling);
  for (const each of [driver, restored]) {
    each.processors.get('in')?.advance(35);
    each.flush();
    expect(each.rows('t')).toEqual(['k@30: {"n":1}']);
    expect(each.sentTo(changelog).filter(({ value: text }) => text === null)).toEqual([
      { key: '["k",0]', value: null, timestampMs: 35 },
    ]);
  }
  const again = driver.restart(tumbling);
  expect(again.rows('t')).toEqual(['k@30: {"n":1}']);
  expect(again.table('t').stats()).toMatchObject({ keys: 1, entries: 1 });
});

test('[T6] a swap keeps the aggregates of the same name and function, adds new ones empty, and a restart after it finds the same', () => {
  const driver = new ProcessorDriver(app('{ key: string, value: { n: count(), m: max(value.v), x: sum(value.v) } }'));
  driver.pipe('in', ...at(1, 2));
  driver.flush();
  const after = app('{ key: string, value: { m: min(value.v), x: sum(value.v), n: count() } }');
  driver.swap(after);
  expect(driver.rows('t')).toEqual(['k@: {"m":null,"x":2,"n":2}']);
  driver.flush();
  expect(driver.restart(after).rows('t')).toEqual(['k@: {"m":null,"x":2,"n":2}']);
});

test('[T7] state keyed otherwise is not taken over: a swap clears it with tombstones, a restore passes over it, says so, and clears it too', () => {
  const wider = app('{ key: string, window: { tumbling: 20ms }, value: { n: count() } }');
  const swapped = new ProcessorDriver(tumbling);
  swapped.pipe('in', ...at(1, 12));
  swapped.flush();
  const restarted = swapped.restart(wider);
  expect(restarted.table('t').stats()).toMatchObject({ entries: 0, ignored: 3 });
  swapped.sent.length = 0;
  swapped.swap(wider);
  for (const driver of [swapped, restarted]) {
    expect(driver.rows('t')).toEqual([]);
    driver.flush();
    expect(
      driver
        .sentTo(changelog)
        .filter(({ value: text }) => text === null)
        .map(({ key }) => key),
    ).toEqual(expect.arrayContaining(['["k",0]', '["k",10]']));
  }
});
