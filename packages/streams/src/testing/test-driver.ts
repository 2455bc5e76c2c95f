import { compileDataflow } from '@millrace/dataflow';
import type { AppDocument } from '@millrace/spec';
import { AppRuntime } from '../app/app-runtime.ts';
import type { AppStatus } from '../app/status.ts';
import { assert } from '../assert.ts';
import { compileTopicCodec } from '../codecs/codec.ts';
import type { PlaceListener } from '../poison/work-cursor.ts';
import type { Sensor } from '../sensors/sensor.ts';
import type { TablePartition, TableRow } from '../tables/table-partition.ts';
import { compileTopology } from '../topology/compile.ts';
import { MemoryBroker } from '../transport/memory/memory-broker.ts';
import type { MemoryTransport } from '../transport/memory/memory-transport.ts';
import { ManualClock } from './manual-clock.ts';
import { settled } from './settled.ts';
import { TestTopic } from './test-topic.ts';

export interface TestDriverOptions {
  /** The wall clock's beginning, epoch ms; 0 unless said otherwise. */
  readonly startMs?: number;
  /** Over a broker that exists, to run several workers or to start again. */
  readonly broker?: MemoryBroker;
  readonly clock?: ManualClock;
  readonly workerId?: string;
  readonly sensor?: Sensor;
  readonly placed?: PlaceListener;
}

/**
 * Runs an app's real tasks over the memory transport, under a clock of its own:
 *
 *     const t = await testDriver(document);
 *     t.topic('in').pipe('a', { n: 1 }, { at: 0 });
 *     await t.advance(5_000);
 *     t.topic('out').read();
 *     t.table('counts').rows();
 */
export const testDriver = async (document: AppDocument, options: TestDriverOptions = {}): Promise<TestDriver> => {
  const driver = new TestDriver(document, options);
  await driver.start();
  return driver;
};

export class TestDriver {
  readonly clock: ManualClock;
  readonly broker: MemoryBroker;
  readonly runtime: AppRuntime;
  readonly transport: MemoryTransport;
  #document: AppDocument;
  readonly #topics = new Map<string, TestTopic>();
  readonly #crash = new AbortController();

  constructor(document: AppDocument, options: TestDriverOptions) {
    this.clock = options.clock ?? new ManualClock(options.startMs ?? 0);
    this.broker = options.broker ?? new MemoryBroker({ clock: this.clock });
    this.transport = this.broker.transport();
    this.#document = document;
    const topology = compileTopology(compileDataflow(document));
    for (const topic of topology.dataflow.topics) this.broker.create(topic);
    this.runtime = new AppRuntime({
      topology,
      transport: this.transport,
      clock: this.clock,
      workerId: options.workerId ?? 'test',
      ...(options.sensor ? { sensor: options.sensor } : {}),
      ...(options.placed ? { placed: options.placed } : {}),
    });
  }

  /** Resolves when the app runs. */
  async start(): Promise<void> {
    await this.runtime.start(this.#crash.signal);
    await this.settle();
  }

  /** A topic of the document by its id, or any Kafka topic by its name (keys and values then are JSON). */
  topic(id: string): TestTopic {
    let topic = this.#topics.get(id);
    if (!topic) {
      const element = this.#document.topics[id];
      topic = element
        ? new TestTopic(this.broker, this.clock, element.name, compileTopicCodec(this.#document, id))
        : new TestTopic(this.broker, this.clock, id);
      this.#topics.set(id, topic);
    }
    return topic;
  }

  table(id: string): TestTable {
    assert(this.#document.tables[id], `no table ${id} in ${this.#document.app}`);
    return new TestTable(this.runtime.tables().get(id) ?? []);
  }

  status(): AppStatus {
    return this.runtime.status();
  }

  /** Moves the wall clock on; commits and whatever else falls due happens at its time. */
  async advance(ms: number): Promise<void> {
    await this.clock.advance(ms, () => this.settle());
  }

  /** Resolves when nothing is left to be done without time passing. */
  async settle(): Promise<void> {
    await settled(this.broker, () => this.runtime.quiet);
  }

  /** Deploys another version into the running app. */
  async swap(document: AppDocument): Promise<void> {
    const topology = compileTopology(compileDataflow(document));
    for (const topic of topology.dataflow.topics) this.broker.create(topic);
    await this.runtime.swap(topology);
    this.#document = document;
    this.#topics.clear();
    await this.settle();
  }

  /** Ends it as SIGKILL would. Another driver over the same `broker` and `clock` goes on. */
  async crash(): Promise<void> {
    await this.transport.close();
    this.#crash.abort();
    await this.settle();
  }

  async stop(): Promise<void> {
    await this.runtime.stop();
    await this.transport.close();
  }
}

/** A table as a test sees it: over all partitions. */
export class TestTable {
  readonly #partitions: readonly TablePartition[];

  constructor(partitions: readonly TablePartition[]) {
    this.#partitions = partitions;
  }

  /** Every entry, by key and then window. */
  rows(): { key: unknown; window?: readonly [number, number]; value: TableRow['value'] }[] {
    return this.#partitions
      .flatMap((partition) => partition.query({ windows: 'all', limit: Number.MAX_SAFE_INTEGER }).rows)
      .map(testRow)
      .sort(
        (a, b) => compare(JSON.stringify(a.key), JSON.stringify(b.key)) || (a.window?.[0] ?? 0) - (b.window?.[0] ?? 0),
      );
  }

  /** A key's entries, oldest window first. */
  get(key: unknown): { key: unknown; window?: readonly [number, number]; value: TableRow['value'] }[] {
    return this.#partitions
      .flatMap((partition) => partition.get(key))
      .map(testRow)
      .reverse();
  }
}

const testRow = ({ key, windowStartMs, windowEndMs, value }: TableRow) => ({
  key,
  ...(windowStartMs === undefined || windowEndMs === undefined
    ? {}
    : { window: [windowStartMs, windowEndMs] as const }),
  value,
});

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
