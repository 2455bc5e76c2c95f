import { expect, test } from 'vitest';
import { bufferMarks } from '../flow-control/partition-buffer.ts';
import { Suspects } from '../poison/suspects.ts';
import { WorkCursor } from '../poison/work-cursor.ts';
import { CountingStepMeters } from '../sensors/step-meters.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import type { RecordFailure, Subtopology, TaskProcessor } from '../topology/topology.ts';
import type { RecordBatch } from '../transport/record.ts';
import { Task } from './task.ts';

/** A processor that writes down what it is given: `topic offset`. Values that are not a number do not decode. */
const recorder = (seen: string[]): Subtopology => ({
  id: 'left+right',
  sources: ['left', 'right'],
  partitions: 1,
  tables: [],
  feeders: new Map(),
  outlets: [],
  build: (context): TaskProcessor => {
    let streamTimeMs = Number.NEGATIVE_INFINITY;
    return {
      tables: new Map(),
      get streamTimeMs() {
        return streamTimeMs;
      },
      decode: (source) => {
        for (const { from, to, reason } of source.unreadable ?? []) {
          const failed = { policy: 'skip', kind: 'decode', topic: source.topic, partition: 0 } as const;
          context.failed({ ...failed, offset: from, endOffset: to, timestampMs: -1, key: null, value: null, reason });
        }
        const rows = source.records.flatMap((record, index) => {
          const ok = record.value?.toString() !== 'bad';
          if (!ok) {
            context.failed({
              policy: 'skip',
              kind: 'decode',
              topic: source.topic,
              partition: 0,
              offset: source.baseOffset + BigInt(record.delta),
              timestampMs: 0,
              key: null,
              value: null,
              reason: 'bad',
            });
          }
          return ok ? [index] : [];
        });
        return {
          source,
          length: rows.length,
          records: rows,
          keys: [],
          values: [],
          timestampsMs: rows.map((index) => source.records[index]?.timestampMs ?? 0),
          streamTimesMs: [],
        };
      },
      process: (events, from, to) => {
        for (let row = from; row < to; row++) {
          seen.push(`${events.source.topic} ${events.timestampsMs[row]}`);
          streamTimeMs = Math.max(streamTimeMs, events.streamTimesMs[row] ?? 0);
        }
      },
      flush: () => {},
      advance: (timeMs) => {
        streamTimeMs = Math.max(streamTimeMs, timeMs);
      },
      flushDue: true,
      dueAtMs: Number.POSITIVE_INFINITY,
      changesTime: () => ({ timeMs: 0, emittedMs: 0, waiting: false }),
    };
  },
});

const batch = (
  topic: string,
  baseOffset: number,
  timesMs: readonly (number | 'bad')[],
  end = baseOffset + timesMs.length,
): RecordBatch => ({
  topic,
  partition: 0,
  baseOffset: BigInt(baseOffset),
  records: timesMs.map((time, delta) => ({
    delta,
    timestampMs: time === 'bad' ? 0 : time,
    key: null,
    value: Buffer.from(String(time)),
  })),
  nextOffset: BigInt(end),
  highWatermark: BigInt(end),
  sizeBytes: 0,
});

const setup = () => {
  const clock = new ManualClock(1_000_000);
  const seen: string[] = [];
  const failures: RecordFailure[] = [];
  const source = (topic: string) => ({ topic, partition: 0, position: 0n, committed: null });
  const task = new Task(recorder(seen), [source('left'), source('right')], bufferMarks(100, 0.5), {
    clock,
    meters: new CountingStepMeters(),
    cursor: new WorkCursor(),
    suspects: new Suspects(),
    policyOf: () => 'dead-letter',
    send: () => {},
    failed: (failure) => failures.push(failure),
    noticed: () => {},
    keptMs: () => Number.POSITIVE_INFINITY,
  });
  const push = (b: RecordBatch) => task.input(b.topic)?.push(b);
  const workAll = () => {
    while (task.hasWork) task.work(1_000);
  };
  return { clock, seen, failures, task, push, workAll };
};

test('[F4] across inputs the earliest head goes first; a partition keeps its own order', () => {
  const { seen, push, workAll } = setup();
  push(batch('left', 0, [10, 30, 20, 50]));
  push(batch('right', 0, [15, 40, 60]));
  workAll();
  expect(seen).toEqual(['left 10', 'right 15', 'left 30', 'left 20', 'right 40', 'left 50', 'right 60']);
});

test('[F4] an input with an empty buffer is not waited for', () => {
  const { seen, push, workAll } = setup();
  push(batch('left', 0, [10, 30]));
  workAll();
  push(batch('right', 0, [15]));
  workAll();
  expect(seen).toEqual(['left 10', 'left 30', 'right 15']);
});

test('[C1] positions go past records that do not decode and past gaps, in step with what is done', () => {
  const { task, push, failures } = setup();
  push(batch('left', 5, ['bad', 10, 11, 'bad', 'bad', 12], 20));
  const position = () => task.input('left')?.tracker.position;
  task.work(1);
  expect([position(), failures.map(({ offset }) => offset)]).toEqual([7n, [5n]]);
  task.work(1);
  expect([position(), failures.map(({ offset }) => offset)]).toEqual([10n, [5n, 8n, 9n]]);
  task.work(1);
  expect([position(), task.input('left')?.buffer.records]).toEqual([20n, 0]);
});

test('[A4] a failure to decode is told once, though what is left of its batch is decoded again after a swap', () => {
  const { task, push, failures, seen, workAll } = setup();
  push(batch('left', 0, [1, 'bad', 2, 'bad', 3]));
  task.work(1);
  task.exchange(recorder(seen), bufferMarks(100, 0.5));
  workAll();
  expect(seen).toEqual(['left 1', 'left 2', 'left 3']);
  expect(failures.map(({ offset }) => offset)).toEqual([1n, 3n]);
  expect(task.input('left')?.tracker.position).toBe(5n);
});

test('a batch that comes twice, or reaches back before the position, is taken once', () => {
  const { push, seen, workAll } = setup();
  push(batch('left', 0, [1, 2]));
  push(batch('left', 0, [1, 2]));
  push(batch('left', 1, [2, 3]));
  workAll();
  expect(seen).toEqual(['left 1', 'left 2', 'left 3']);
});

test('[F5] once idle with every input read to its end, stream time goes on with the wall clock', async () => {
  const { clock, task, push, workAll } = setup();
  push(batch('left', 0, [500]));
  push(batch('right', 0, [400]));
  workAll();
  await clock.advance(4_999);
  task.advanceWhenIdle(clock.now(), 5_000);
  expect(task.processor.streamTimeMs).toBe(400);
  await clock.advance(1);
  task.advanceWhenIdle(clock.now(), 5_000);
  expect(task.processor.streamTimeMs).toBe(5_500);
  await clock.advance(1_000);
  task.advanceWhenIdle(clock.now(), 5_000);
  expect(task.processor.streamTimeMs).toBe(6_500);
});

test('[F5] with something left to read, the wall clock does not move stream time', async () => {
  const { clock, task, push, workAll } = setup();
  push({ ...batch('left', 0, [500]), highWatermark: 9n });
  push(batch('right', 0, [400]));
  workAll();
  await clock.advance(60_000);
  task.advanceWhenIdle(clock.now(), 5_000);
  expect(task.processor.streamTimeMs).toBe(500);
});

test('[K2] what cannot be read is told once, in its turn, among the records that do not decode; its offsets are done', () => {
  const { failures, seen, task, push } = setup();
  const unreadable = [
    { from: 1n, to: 3n, timestampMs: -1, reason: 'damaged' },
    { from: 5n, to: 7n, timestampMs: -1, reason: 'damaged too' },
  ];
  const some = batch('left', 0, [10, 'bad', 30], 7);
  const records = [0, 3, 4].map((delta, index) => ({ ...some.records[index]!, delta })); // three of each
  push({ ...some, records, unreadable });
  const told = () => failures.map(({ offset, endOffset }) => [offset, endOffset]);
  task.work(1);
  expect(told()).toEqual([
    [1n, 3n],
    [3n, undefined],
  ]);
  task.exchange(recorder(seen), bufferMarks(100, 0.5));
  while (task.hasWork) task.work(1);
  expect(told().slice(2)).toEqual([[5n, 7n]]);
  expect([seen, task.input('left')?.tracker.position]).toEqual([['left 10', 'left 30'], 7n]);
});

test('[K2] a batch of which nothing can be read is told and passed', () => {
  const { failures, task, push, workAll } = setup();
  push({ ...batch('left', 0, [], 4), unreadable: [{ from: 0n, to: 4n, timestampMs: 5, reason: 'damaged' }] });
  workAll();
  expect(failures).toMatchObject([{ offset: 0n, endOffset: 4n, reason: 'damaged' }]);
  expect(task.input('left')?.tracker.position).toBe(4n);
});

test('[W5] stream time is the least over the inputs: one that is behind, or was never heard of, holds it', () => {
  const { task, push, workAll } = setup();
  push(batch('left', 0, [500]));
  workAll();
  expect([task.processor.streamTimeMs, task.waitsFor]).toEqual([
    Number.NEGATIVE_INFINITY,
    { name: 'right', partition: 0 },
  ]);
  push(batch('right', 0, [100, 90]));
  workAll();
  expect(task.processor.streamTimeMs).toBe(100);
  push(batch('right', 2, [700]));
  workAll();
  expect([task.processor.streamTimeMs, task.waitsFor]).toEqual([500, { name: 'left', partition: 0 }]);
});

test('[W5] an input that has been caught up for the idle timeout is passed over, and is waited for again when it brings something; time never goes back', async () => {
  const { clock, task, push, workAll } = setup();
  const rest = () => task.advanceWhenIdle(clock.now(), 5_000);
  push(batch('left', 0, [500]));
  push(batch('right', 0, [100]));
  workAll();
  await clock.advance(4_000);
  push(batch('left', 1, [600]));
  workAll();
  await clock.advance(1_000);
  rest();
  expect(task.processor.streamTimeMs).toBe(600);
  push(batch('right', 1, [200]));
  push(batch('left', 2, [800]));
  workAll();
  expect(task.processor.streamTimeMs).toBe(600);
  push(batch('right', 2, [900]));
  workAll();
  expect(task.processor.streamTimeMs).toBe(800);
});

test('[W5] after a silence of all inputs, each has the idle timeout again to bring something', async () => {
  const { clock, task, push, workAll } = setup();
  const rest = () => task.advanceWhenIdle(clock.now(), 5_000);
  await clock.advance(60_000);
  rest();
  push(batch('left', 0, [500]));
  workAll();
  rest();
  expect(task.processor.streamTimeMs).toBe(Number.NEGATIVE_INFINITY);
  await clock.advance(4_000);
  push(batch('right', 0, [100]));
  workAll();
  rest();
  expect(task.processor.streamTimeMs).toBe(100);
});
