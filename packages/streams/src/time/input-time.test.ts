import type { FeederTopic } from '@millrace/dataflow';
import { expect, test } from 'vitest';
import { OriginWriter, sourceNumber } from '../repartition/origin.ts';
import type { EventBatch } from '../topology/event-batch.ts';
import { InputTime } from './input-time.ts';
import type { TimeMark } from './time-mark.ts';

const topic = (partitions: number, byRecords = true): FeederTopic => ({
  name: 'in',
  topics: ['in'],
  partitions,
  byRecords,
});

type Row = readonly [partition: number, timestampMs: number];

/** Rows by the partition they came from, and marks, each behind so many rows. */
const batch = (rows: readonly Row[], marks: EventBatch['marks'] = []): EventBatch => ({
  source: { topic: 'r', partition: 0, baseOffset: 0n, records: [], nextOffset: 0n, highWatermark: 0n, sizeBytes: 0 },
  length: rows.length,
  keys: [],
  values: [],
  timestampsMs: rows.map(([, timestampMs]) => timestampMs),
  records: rows.map((_, index) => index),
  streamTimesMs: [],
  origins: rows.map(([partition]) => {
    const source = {
      topic: 'in',
      partition,
      baseOffset: 0n,
      records: [],
      nextOffset: 0n,
      highWatermark: 0n,
      sizeBytes: 0,
    };
    return new OriginWriter(source, 0, { pass: 0, log: 0 }).origin(0);
  }),
  marks,
});

const mark = (partition: number, timeMs: number, more: Partial<TimeMark> = {}): TimeMark => ({
  source: sourceNumber(0, partition),
  timeMs,
  idle: false,
  generation: 1,
  ...more,
});

const none = Number.NEGATIVE_INFINITY;
const surroundings = { streamTimeMs: none, othersMs: Number.POSITIVE_INFINITY, nowMs: 10_000 };
/** The stream times at the rows. */
const run = (time: InputTime, events: EventBatch): readonly number[] => {
  time.run(events, 0, events.length, surroundings);
  return events.streamTimesMs;
};

test('[W8] row by row, time is the least over the partitions that feed the input; one that was never heard of holds it', () => {
  const time = new InputTime([topic(2)]);
  expect(
    run(
      time,
      batch([
        [0, 500],
        [0, 900],
        [1, 100],
        [1, 600],
        [0, 700],
        [1, 950],
      ]),
    ),
  ).toEqual([none, none, 100, 600, 600, 900]);
  expect(time.waitsFor).toEqual({ name: 'in', partition: 0 });
});

test('[W8] marks move time on where nothing is sent, among the rows where they stand', () => {
  const time = new InputTime([topic(2)]);
  const events = batch(
    [
      [0, 500],
      [0, 900],
    ],
    [
      { row: 1, mark: mark(1, 300) },
      { row: 2, mark: mark(1, 800) },
    ],
  );
  expect(run(time, events)).toEqual([none, 300]);
  expect(time.timeMs).toBe(800);
  run(time, batch([], [{ row: 0, mark: mark(1, 850) }]));
  expect(time.timeMs).toBe(850);
});

test('[W8] each mark counts once, though the rows are gone through in pieces and decoded again after a swap', () => {
  const time = new InputTime([topic(2)]);
  const events = batch(
    [
      [0, 500],
      [0, 900],
      [1, 10],
    ],
    [{ row: 1, mark: mark(1, 5, { idle: true }) }],
  );
  time.run(events, 0, 1, surroundings);
  expect(time.timeMs).toBe(500);
  time.run(events, 1, 3, surroundings);
  // Its record has woken it: the mark before does not put it to sleep again.
  expect(time.timeMs).toBe(10);
});

test('[W8] an idle partition is passed over until it brings something; where all are idle, the highest time counts', () => {
  const time = new InputTime([topic(2)]);
  run(
    time,
    batch(
      [
        [1, 100],
        [0, 500],
      ],
      [{ row: 2, mark: mark(1, 100, { idle: true }) }],
    ),
  );
  expect([time.timeMs, time.idle]).toEqual([500, false]);
  run(time, batch([], [{ row: 0, mark: mark(0, 500, { idle: true }) }]));
  expect([time.timeMs, time.idle, time.waitsFor]).toEqual([500, true, null]);
  run(time, batch([[1, 200]]));
  expect([time.timeMs, time.idle]).toEqual([200, false]);
});

test('[W8] with a new generation, what was said of idleness before is void; without heed nobody is passed over', () => {
  const time = new InputTime([topic(2)]);
  run(time, batch([[0, 500]], [{ row: 1, mark: mark(1, none, { idle: true }) }]));
  expect(time.timeMs).toBe(500);
  run(time, batch([], [{ row: 0, mark: mark(0, 500, { generation: 2 }) }]));
  expect([time.timeMs, time.waitsFor]).toEqual([none, { name: 'in', partition: 1 }]);
  run(time, batch([], [{ row: 0, mark: mark(1, none, { idle: true, generation: 2 }) }]));
  expect(time.timeMs).toBe(500);
  time.stir();
  expect(time.timeMs).toBe(none);
  time.heed();
  expect(time.timeMs).toBe(500);
});

test('[W8] what comes through another repartition, or of a table, is in no order: marks alone tell its time', () => {
  const time = new InputTime([topic(1, false)]);
  expect(run(time, batch([[0, 500]], [{ row: 1, mark: mark(0, 300) }]))).toEqual([none]);
  expect(time.timeMs).toBe(300);
});

test('[W8] a partition that was added is waited for once it is known of; one that is gone is not', () => {
  const time = new InputTime([topic(1)]);
  run(
    time,
    batch([
      [0, 500],
      [1, 200],
    ]),
  );
  expect(time.timeMs).toBe(200);
  time.expect([topic(3)]);
  expect([time.timeMs, time.waitsFor]).toEqual([none, { name: 'in', partition: 2 }]);
  time.expect([topic(1)]);
  expect(time.timeMs).toBe(500);
});

test('[W8] after a restart it is as far as it was, until its feeders are farther', () => {
  const time = new InputTime([topic(2)]);
  time.restore(400);
  const rows: Row[] = [
    [0, 500],
    [1, 300],
    [1, 450],
  ];
  expect(run(time, batch(rows))).toEqual([400, 400, 450]);
});
