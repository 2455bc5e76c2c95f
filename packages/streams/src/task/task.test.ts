import { expect, test } from 'vitest';
import { bufferMarks } from '../flow-control/partition-buffer.ts';
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
  build: (context): TaskProcessor => {
    let streamTimeMs = Number.NEGATIVE_INFINITY;
    return {
      tables: new Map(),
      get streamTimeMs() {
        return streamTimeMs;
      },
      decode: (source) => {
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
        };
      },
      process: (events, from, to) => {
        for (let row = from; row < to; row++) {
          seen.push(`${events.source.topic} ${events.timestampsMs[row]}`);
          streamTimeMs = Math.max(streamTimeMs, events.timestampsMs[row] ?? 0);
        }
      },
      flush: () => {},
      advance: (timeMs) => {
        streamTimeMs = Math.max(streamTimeMs, timeMs);
      },
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
    send: () => {},
    failed: (failure) => failures.push(failure),
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
  workAll();
  await clock.advance(4_999);
  task.advanceWhenIdle(clock.now(), 5_000);
  expect(task.processor.streamTimeMs).toBe(500);
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
  workAll();
  await clock.advance(60_000);
  task.advanceWhenIdle(clock.now(), 5_000);
  expect(task.processor.streamTimeMs).toBe(500);
});
