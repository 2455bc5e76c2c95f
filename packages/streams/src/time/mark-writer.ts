import type { Outlet } from '@millrace/dataflow';
import type { Clock } from '../clock.ts';
import { sourceNumber } from '../repartition/origin.ts';
import type { ProducedRecord } from '../transport/record.ts';
import { timeMarkRecord } from './time-mark.ts';

/** At most so many marks a second go to one repartition topic, over all the tasks that feed it: with many partitions, rounds come more rarely. */
const marksPerSecond = 10_000;

/** How far a source is. */
export interface SourceTime {
  /** Event time, ms; −Infinity before any event. */
  readonly timeMs: number;
  readonly idle: boolean;
}

/** Who knows how far the sources of an outlet are. Undefined: this task does not read it. */
export interface SourceTimes {
  topic(name: string): SourceTime | undefined;
  changes(table: string): SourceTime;
}

interface Told {
  timeMs: number;
  idle: boolean;
}

/**
 * What one task owes the tasks behind its `group_by`s: a mark to each of their partitions whenever the time of a source has moved, or it has
 * become idle or live. Nothing where nothing has changed.
 */
export class MarkWriter {
  readonly #partition: number;
  /** By topic and source. */
  readonly #told = new Map<string, Told>();
  /** By topic: when the next round may be, ms of the monotonic clock. */
  readonly #nextRoundMs = new Map<string, number>();
  #generation = 0;

  constructor(partition: number) {
    this.#partition = partition;
  }

  /** A new generation: every source has to say anew where it is. */
  begin(generation: number): void {
    this.#generation = generation;
    this.#told.clear();
    this.#nextRoundMs.clear();
  }

  /** The marks that are due; they count as told. */
  due(outlets: readonly Outlet[], times: SourceTimes, clock: Clock): ProducedRecord[] {
    const nowMs = clock.now();
    const passedMs = clock.monotonic();
    const records: ProducedRecord[] = [];
    for (const outlet of outlets) {
      const { topic, partitions, from } = outlet;
      if (passedMs < (this.#nextRoundMs.get(topic) ?? 0)) continue;
      const before = records.length;
      if (from.kind === 'changes') this.#source(records, outlet, 0, times.changes(from.table), nowMs);
      else {
        for (const [index, name] of from.topics.entries()) {
          const time = times.topic(name);
          if (time !== undefined) this.#source(records, outlet, index, time, nowMs);
        }
      }
      if (records.length > before) {
        this.#nextRoundMs.set(topic, passedMs + (partitions * (records.length - before) * 1_000) / marksPerSecond);
      }
    }
    return records;
  }

  #source(
    records: ProducedRecord[],
    { topic, partitions }: Outlet,
    index: number,
    { timeMs, idle }: SourceTime,
    nowMs: number,
  ): void {
    const id = `${index} ${topic}`;
    const told = this.#told.get(id);
    if (told !== undefined && idle === told.idle && (idle || timeMs <= told.timeMs)) return;
    this.#told.set(id, { timeMs, idle });
    const mark = { source: sourceNumber(index, this.#partition), timeMs, idle, generation: this.#generation };
    for (let partition = 0; partition < partitions; partition++) {
      records.push(timeMarkRecord(mark, { topic, partition, timestampMs: nowMs }));
    }
  }
}
