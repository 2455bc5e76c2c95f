import { expect, test } from 'vitest';
import type { RecordBatch } from '../transport/record.ts';
import { Suspects } from './suspects.ts';
import type { WorkPlace } from './work-place.ts';

/** Offsets 10, 11, 13, …: a gap at 12. */
const batch = (offsets: readonly number[], next = (offsets.at(-1) ?? 0) + 1): RecordBatch => ({
  topic: 'in',
  partition: 0,
  baseOffset: BigInt(offsets[0] ?? 0),
  records: offsets.map((offset) => ({ delta: offset - (offsets[0] ?? 0), timestampMs: 0, key: null, value: null })),
  nextOffset: BigInt(next),
  highWatermark: 100n,
  sizeBytes: 0,
});

const at = (from: number, to: number, count = to - from): WorkPlace => ({
  phase: 'process',
  task: 'in/0',
  records: { topic: 'in', partition: 0, from: String(from), to: String(to), count },
  agent: 'count',
  step: 'filter',
});

const pieces = (suspects: Suspects, whole: RecordBatch) =>
  suspects
    .cut(whole)
    .map(({ baseOffset, records, nextOffset }) => [
      ...records.map(({ delta }) => Number(baseOffset) + delta),
      `next ${nextOffset}`,
    ]);

test('[Q1] records that were at hand when work ended badly are taken one by one from then on', () => {
  const suspects = new Suspects();
  expect(pieces(suspects, batch([10, 11, 13, 14]))).toEqual([[10, 11, 13, 14, 'next 15']]);
  expect(suspects.note({ place: at(11, 14, 2), reason: 'boom', certain: true })).toBe('watched');
  expect(pieces(suspects, batch([10, 11, 13, 14], 20))).toEqual([
    [10, 'next 11'],
    [11, 'next 13'],
    [13, 'next 14'],
    [14, 'next 20'],
  ]);
});

test('[Q1] the record at which work ends for certain a second time is set aside, and no other', () => {
  const suspects = new Suspects();
  suspects.note({ place: at(10, 20), reason: 'boom', certain: true });
  expect(suspects.note({ place: at(12, 13), reason: 'boom', certain: true })).toBe('set-aside');
  expect(suspects.setAside(batch([12]))?.reason).toBe('boom');
  expect(suspects.setAside(batch([11]))).toBeUndefined();
});

test('[Q1] kills from outside meet whatever is at work: one record must be met three times after its range', () => {
  const suspects = new Suspects();
  const killed = (place: WorkPlace) => suspects.note({ place, reason: 'killed', certain: false });
  for (let again = 0; again < 5; again++) expect(killed(at(10, 20))).toBe('watched');
  expect([killed(at(12, 13)), killed(at(15, 16)), killed(at(12, 13))]).not.toContain('set-aside');
  expect(suspects.setAside(batch([15]))).toBeUndefined();
});

test('[Q1] what is committed past is no longer suspected', () => {
  const suspects = new Suspects();
  suspects.note({ place: at(10, 20), reason: 'boom', certain: true });
  suspects.committed('in', 0, 19n);
  expect(suspects.all.length).toBe(1);
  suspects.committed('in', 1, 20n);
  suspects.committed('in', 0, 20n);
  expect(suspects.all).toEqual([]);
});

test('[Q1] a flush or a restore has no record to blame', () => {
  const suspects = new Suspects();
  expect(suspects.note({ place: { phase: 'flush', task: 'in/0' }, reason: 'boom', certain: true })).toBe('nowhere');
  expect(suspects.all).toEqual([]);
});

test('[Q1] what another process has found is taken over, and the heavier word counts', () => {
  const [here, there] = [new Suspects(), new Suspects()];
  there.note({ place: at(12, 13), reason: 'hung', certain: true });
  there.note({ place: at(12, 13), reason: 'hung', certain: true });
  here.note({ place: at(12, 13), reason: 'boom', certain: false });
  here.add(there.all);
  here.add(there.all);
  expect(here.all.length).toBe(1);
  expect(here.setAside(batch([12]))?.reason).toBe('hung');
});
