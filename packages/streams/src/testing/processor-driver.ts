import { compileDataflow } from '@millrace/dataflow';
import { type AppDocument, parseDocument } from '@millrace/spec';
import { assert } from '../assert.ts';
import type { Clock } from '../clock.ts';
import type { MemoryTable } from '../tables/memory-table.ts';
import { InputTime } from '../time/input-time.ts';
import { compileTopology } from '../topology/compile.ts';
import type {
  RecordFailure,
  StepMeter,
  Subtopology,
  TaskContext,
  TaskProcessor,
  Topology,
} from '../topology/topology.ts';
import type { ProducedRecord, RecordBatch } from '../transport/record.ts';
import type { RecordHeaders } from '../transport/record-headers.ts';

export interface DrivenRecord {
  readonly key?: string | null;
  /** An object is written as JSON. */
  readonly value: unknown;
  readonly timestampMs?: number;
  readonly headers?: RecordHeaders;
}

/** Drives the processors of partition 0 without a runtime: what is sent to a topic that the app itself reads is processed there at once. */
export class ProcessorDriver {
  topology: Topology;
  readonly sent: ProducedRecord[] = [];
  readonly failures: RecordFailure[] = [];
  /** By subject. */
  readonly notices = new Map<string, string>();
  /** How long topics keep their records, ms. */
  readonly kept = new Map<string, number>();
  readonly meters = new Map<string, StepMeter>();
  readonly processors = new Map<string, TaskProcessor>();
  nowMs = 1_000;
  #offset = 0n;

  /** `yaml`: a valid document. */
  constructor(yaml: string) {
    this.topology = compileTopology(compileDataflow(documentOf(yaml)));
    for (const part of this.topology.subtopologies) this.processors.set(part.id, part.build(this.#context()));
  }

  /** Takes another version of the document into the running processors. */
  swap(yaml: string): void {
    this.topology = compileTopology(compileDataflow(documentOf(yaml)));
    for (const part of this.topology.subtopologies) {
      this.processors.set(part.id, part.build(this.#context(), this.processors.get(part.id)));
    }
  }

  /** Starts anew with nothing but the changelogs that have been sent. */
  restart(yaml: string): ProcessorDriver {
    const driver = new ProcessorDriver(yaml);
    for (const part of driver.topology.subtopologies) {
      for (const { id, changelog } of part.tables) {
        driver.table(id).restore(
          batchOf(
            changelog,
            this.sent.filter(({ topic }) => topic === changelog),
            0n,
          ),
        );
      }
    }
    return driver;
  }

  /** Processes records of a Kafka topic; they are not flushed. */
  pipe(topic: string, ...records: DrivenRecord[]): void {
    const produced = records.map(
      ({ key = null, value, timestampMs = 0, headers }): ProducedRecord => ({
        topic,
        key: key === null ? null : Buffer.from(key),
        value:
          value === null
            ? null
            : Buffer.isBuffer(value)
              ? value
              : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
        timestampMs,
        ...(headers === undefined ? undefined : { headers }),
      }),
    );
    this.#process(topic, produced);
  }

  flush(): void {
    for (const processor of this.processors.values()) processor.flush();
  }

  table(id: string): MemoryTable {
    for (const processor of this.processors.values()) {
      const table = processor.tables.get(id);
      if (table !== undefined) return table as MemoryTable; // the only kind of table there is
    }
    throw new Error(`Broken invariant: no table ${id}`);
  }

  /** Rows as `key@window start: value`, sorted. */
  rows(table: string): string[] {
    const { rows } = this.table(table).query({ windows: 'all', limit: 100_000 });
    return rows
      .map(({ key, windowStartMs, value }) => `${key}@${windowStartMs ?? ''}: ${JSON.stringify(value)}`)
      .sort();
  }

  sentTo(topic: string): { key: string | null; value: string | null; timestampMs: number; headers?: RecordHeaders }[] {
    return this.sent
      .filter((record) => record.topic === topic)
      .map(({ key, value, timestampMs, headers }) => ({
        key: key?.toString() ?? null,
        value: value?.toString() ?? null,
        timestampMs,
        ...(headers === undefined ? undefined : { headers }),
      }));
  }

  #process(topic: string, records: readonly ProducedRecord[]): void {
    const part = this.#readerOf(topic);
    assert(part, `nothing reads ${topic}`);
    const processor = this.processors.get(part.id);
    assert(processor, `no processor of ${part.id}`);
    const batch = batchOf(topic, records, this.#offset);
    this.#offset = batch.nextOffset;
    const events = processor.decode(batch);
    const surroundings = {
      streamTimeMs: processor.streamTimeMs,
      othersMs: Number.POSITIVE_INFINITY,
      nowMs: this.nowMs,
    };
    new InputTime(null).run(events, 0, events.length, surroundings);
    processor.process(events, 0, events.length);
  }

  #readerOf(topic: string): Subtopology | undefined {
    return this.topology.subtopologies.find(({ sources }) => sources.includes(topic));
  }

  #context(): TaskContext {
    const clock: Clock = { now: () => this.nowMs, monotonic: () => this.nowMs, after: () => ({ cancel: () => {} }) };
    return {
      partition: 0,
      clock,
      meters: {
        step: (agent, step) => {
          const id = `${agent}/${step}`;
          const meter = this.meters.get(id) ?? { in: 0, out: 0, dropped: 0, late: 0, errors: 0, busyMs: 0 };
          this.meters.set(id, meter);
          return meter;
        },
        all: () => this.meters,
      },
      pass: () => 0,
      log: () => 0,
      entered: () => {},
      send: (record) => {
        this.sent.push(record);
        if (this.#readerOf(record.topic) !== undefined) this.#process(record.topic, [record]);
      },
      failed: (failure) => this.failures.push(failure),
      noticed: (words, _place, subject) => this.notices.set(subject, words),
      keptMs: (topic) => this.kept.get(topic) ?? Number.POSITIVE_INFINITY,
    };
  }
}

export const documentOf = (yaml: string): AppDocument => {
  const { document, problems } = parseDocument(yaml);
  assert(document, `not a valid document: ${JSON.stringify(problems)}`);
  return document;
};

export const batchOf = (topic: string, records: readonly ProducedRecord[], baseOffset: bigint): RecordBatch => ({
  topic,
  partition: 0,
  baseOffset,
  records: records.map(({ key, value, timestampMs, headers }, delta) => ({
    delta,
    timestampMs,
    key,
    value,
    ...(headers === undefined ? undefined : { headers }),
  })),
  nextOffset: baseOffset + BigInt(records.length),
  highWatermark: baseOffset + BigInt(records.length),
  sizeBytes: 0,
});
