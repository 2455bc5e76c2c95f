import type { RecordEntity, TailEntity } from '@millrace/protocol';
import { expect, test } from 'vitest';
import { SkippedMarks, withBefore } from './tail-rows.ts';

const record = (offset: number): RecordEntity => ({
  id: `record:0/${offset}`,
  type: 'record',
  partition: 0,
  offset: String(offset),
  timestampMs: 0,
  eventTimeMs: null,
  key: null,
  keyText: null,
  value: null,
  reason: null,
  headers: [],
  sizeBytes: 1,
  raw: { key: null, value: null },
  masked: false,
  tombstone: false,
  cut: false,
});
const tail = (skipped: number, paused = false): TailEntity => ({
  id: 'tail',
  type: 'tail',
  seen: 0,
  shown: 0,
  skipped,
  filtered: 0,
  paused,
  newWhilePaused: 0,
  perSecond: 0,
});
const drawn = (marks: SkippedMarks, records: RecordEntity[]) =>
  marks.rows(records).map((row) => (row.kind === 'record' ? row.record.offset : `-${row.count}`));

test('records that were left out are counted in the place where they would stand', () => {
  const marks = new SkippedMarks();
  const first = [1, 2].map(record);
  marks.note(first, tail(0));
  expect(drawn(marks, first)).toEqual(['2', '1']);
  const second = [...first, record(50), record(51)];
  marks.note(second, tail(47));
  expect(drawn(marks, second)).toEqual(['51', '50', '-47', '2', '1']);
  const third = [...second, record(60)];
  marks.note(third, tail(55));
  marks.note(third, tail(55));
  expect(drawn(marks, third)).toEqual(['60', '-8', '51', '50', '-47', '2', '1']);
});

test('what waits during a pause is not left out; what of it does not come afterwards is', () => {
  const marks = new SkippedMarks();
  const first = [1, 2].map(record);
  marks.note(first, tail(0));
  marks.note(first, tail(50, true));
  expect(drawn(marks, first)).toEqual(['2', '1']);
  const second = [...first, record(51), record(52)];
  marks.note(second, tail(48));
  expect(drawn(marks, second)).toEqual(['52', '51', '-48', '2', '1']);
});

test('what was there before the tail stands below it, each record once', () => {
  const live = new SkippedMarks().rows([3, 4].map(record));
  const offsets = withBefore(live, [3, 2, 1].map(record)).map((row) => row.kind === 'record' && row.record.offset);
  expect(offsets).toEqual(['4', '3', '2', '1']);
});
