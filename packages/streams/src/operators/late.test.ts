import { expect, test } from 'vitest';
import { headerTexts } from '../testing/header-texts.ts';
import { ProcessorDriver } from '../testing/processor-driver.ts';

const app = (window: string, filter = 'true') => `
app: late
topics:
  in: { partitions: 1, key: string, value: { ok: boolean, ts: timestamp }, eventTime: value.ts }
tables:
  counts: { key: string, window: ${window}, value: { n: count() } }
agents:
  count:
    from: in
    steps:
      - filter: ${filter}
      - aggregate: counts
`;

const run = (window: string, times: number[]): ProcessorDriver => {
  const driver = new ProcessorDriver(app(window));
  driver.pipe('in', ...times.map((ts) => ({ key: 'k', value: { ok: true, ts } })));
  return driver;
};

// Kafka Streams' vectors: times in order of arrival, in one batch.
test('[W3] tumbling 10, no grace: at stream time 10, a record at 9 is late for [0, 10)', () => {
  const driver = run('{ tumbling: 10ms }', [0, 9, 10, 9]);
  expect(driver.rows('counts')).toEqual(['k@0: {"n":2}', 'k@10: {"n":1}']);
  expect(driver.table('counts').stats().late).toBe(1);
});

test('[W3] tumbling 10, grace 5: [0, 10) accepts until stream time reaches 15', () => {
  const driver = run('{ tumbling: 10ms, grace: 5ms }', [3, 12, 9, 15, 9]);
  expect(driver.rows('counts')).toEqual(['k@0: {"n":2}', 'k@10: {"n":2}']);
  expect(driver.table('counts').stats().late).toBe(1);
});

test('[W4] hopping 10 every 5: at stream time 12 a record at 8 enters [5, 15) only, and goes to the late topic for [0, 10)', () => {
  const driver = run('{ hopping: 10ms, every: 5ms }', [12, 8]);
  expect(driver.rows('counts')).toEqual(['k@10: {"n":1}', 'k@5: {"n":2}']);
  expect(driver.meters.get('count/aggregate')).toMatchObject({ in: 2, out: 2, late: 1, dropped: 0 });
  const [late] = driver.sentTo('late-counts-late');
  expect(late).toMatchObject({ key: 'k', value: '{"ok":true,"ts":8}', timestampMs: driver.nowMs });
  expect(headerTexts(late?.headers)).toEqual([
    ['millrace-topic', 'in'],
    ['millrace-partition', '0'],
    ['millrace-offset', '1'],
    ['millrace-timestamp', '0'],
    [
      'millrace-reason',
      'late: event time 1970-01-01T00:00:00.008Z, watermark 1970-01-01T00:00:00.012Z, window closed: 1970-01-01T00:00:00.000Z',
    ],
    ['millrace-table', 'counts'],
    ['millrace-windows', '[0]'],
  ]);
});

test('[W5] records that a filter drops move stream time on all the same', () => {
  const driver = new ProcessorDriver(app('{ tumbling: 10ms }', 'value.ok'));
  driver.pipe(
    'in',
    { key: 'k', value: { ok: true, ts: 1 } },
    { key: 'k', value: { ok: false, ts: 10 } },
    { key: 'k', value: { ok: true, ts: 2 } },
  );
  expect(driver.rows('counts')).toEqual(['k@0: {"n":1}']);
  expect(driver.table('counts').stats()).toMatchObject({ late: 1, streamTimeMs: 10, watermarkMs: 10 });
});

test('[W6] a restart restores stream time: what was late before is late after, though the last event was filtered out', () => {
  const yaml = app('{ tumbling: 10ms }', 'value.ok');
  const before = new ProcessorDriver(yaml);
  before.pipe('in', { key: 'k', value: { ok: true, ts: 1 } }, { key: 'k', value: { ok: false, ts: 10 } });
  before.flush();
  const after = before.restart(yaml);
  expect(after.processors.get('in')?.streamTimeMs).toBe(10);
  after.pipe('in', { key: 'k', value: { ok: true, ts: 2 } });
  expect(after.rows('counts')).toEqual(['k@0: {"n":1}']);
  expect(after.table('counts').stats().late).toBe(1);
});

const hourMs = 3_600_000;
const noonMs = Date.UTC(2026, 5, 1, 12);
const at = (minute: number, ok = true) => ({ key: 'k', value: { ok, ts: noonMs + minute * 60_000 } });

test('[W5] an event ahead of the clock is counted and moves stream time on to the clock alone: what comes after is not late, also after a restart', () => {
  const yaml = app('{ tumbling: 1m }');
  const before = new ProcessorDriver(yaml);
  before.nowMs = noonMs;
  before.pipe('in', at(0), at(50), at(0));
  expect(before.processors.get('in')?.streamTimeMs).toBe(noonMs);
  before.nowMs = noonMs + 60_000;
  before.pipe('in', at(1), at(1));
  before.flush();
  const after = before.restart(yaml);
  after.nowMs = noonMs + 120_000;
  expect(after.processors.get('in')?.streamTimeMs).toBe(noonMs + 60_000);
  after.pipe('in', at(2));
  expect(after.table('counts').stats().late).toBe(0);
  expect(after.rows('counts')).toEqual(
    [0, 1, 2, 50].map((minute) => `k@${noonMs + minute * 60_000}: {"n":${minute < 2 ? 2 : 1}}`),
  );
});

test('[W5] a backlog of the past moves stream time on as it always does, whatever the clock says', () => {
  const driver = new ProcessorDriver(app('{ tumbling: 1m }'));
  driver.nowMs = noonMs + 1_000 * hourMs;
  driver.pipe('in', at(0), at(50), at(0));
  expect(driver.processors.get('in')?.streamTimeMs).toBe(noonMs + 50 * 60_000);
  expect(driver.table('counts').stats().late).toBe(1);
});

test('[D9] an event too far ahead of the clock moves no time on, though a filter would have dropped it', () => {
  const driver = new ProcessorDriver(app('{ tumbling: 1m }', 'value.ok'));
  driver.nowMs = noonMs;
  driver.pipe('in', at(0), at(61, false), at(0));
  expect(driver.failures).toMatchObject([
    {
      kind: 'decode',
      policy: 'dead-letter',
      offset: 1n,
      reason: "ts is 1 h ahead of the clock: 2026-06-01T13:01:00.000Z; at most 1 h is taken (the topic's maxAhead)",
    },
  ]);
  expect(driver.processors.get('in')?.streamTimeMs).toBe(noonMs);
  expect(driver.rows('counts')).toEqual([`k@${noonMs}: {"n":2}`]);
});
