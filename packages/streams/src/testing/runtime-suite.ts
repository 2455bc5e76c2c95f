import { compileDataflow } from '@millrace/dataflow';
import type { AppDocument } from '@millrace/spec';
import { afterEach, describe, expect, test } from 'vitest';
import { AppRuntime } from '../app/app-runtime.ts';
import { compileTopology } from '../topology/compile.ts';
import type { ProducedRecord } from '../transport/record.ts';
import type { Transport } from '../transport/transport.ts';
import { countDocument } from './count-document.ts';
import { systemClock } from './system-clock.ts';

const partitions = 4;
const firstMs = 1_700_000_000_000;

interface RunningApp {
  readonly runtime: AppRuntime;
  readonly transport: Transport;
  readonly crash: AbortController;
}

/** The runtime's main laws over a real driver: counts equal an oracle through crashes, rebalances, swaps and restarts. `connect` as for `transportSuite`. */
export const runtimeSuite = (name: string, connect: () => Transport | Promise<Transport>): void => {
  describe(`runtime: ${name}`, () => {
    const apps: RunningApp[] = [];
    const open: Transport[] = [];
    afterEach(async () => {
      await Promise.all(apps.splice(0).map(({ runtime }) => runtime.stop()));
      await Promise.all(open.splice(0).map((transport) => transport.close()));
    });

    const client = async (): Promise<Transport> => {
      const transport = await connect();
      open.push(transport);
      return transport;
    };
    const newApp = async (groupBy?: string): Promise<AppDocument> => {
      const settings = '{ commit: 100ms, buffer: 1000 }';
      const document = countDocument({
        app: `app-${crypto.randomUUID().slice(0, 8)}`,
        partitions,
        settings,
        ...(groupBy === undefined ? {} : { groupBy }),
      });
      // The events are of 2023: a broker with Kafka's week of retention would drop them in mid-test.
      const topics = compileDataflow(document).topics.map((topic) => ({
        ...topic,
        configs: { ...topic.configs, 'retention.ms': '-1' },
      }));
      await (await client()).admin().createTopics(topics);
      return document;
    };
    const run = async (document: AppDocument, workerId: string): Promise<RunningApp> => {
      const transport = await client();
      const runtime = new AppRuntime({
        topology: compileTopology(compileDataflow(document)),
        transport,
        clock: systemClock,
        workerId,
      });
      const app = { runtime, transport, crash: new AbortController() };
      apps.push(app);
      await runtime.start(app.crash.signal);
      return app;
    };
    const crash = async (app: RunningApp): Promise<void> => {
      await app.transport.close();
      app.crash.abort();
      await app.runtime.stop();
    };
    const produce = async (document: AppDocument, events: readonly Event[]): Promise<void> => {
      const transport = await client();
      const producer = transport.producer();
      producer.send(events.map((event) => recordOf(document, event)));
      await producer.flush();
      await producer.close();
    };
    const counts = (...running: readonly RunningApp[]) => countsOf(running.map(({ runtime }) => runtime));
    const total = (...running: readonly RunningApp[]) =>
      [...counts(...running).values()].reduce((sum, { count }) => sum + count, 0);
    const counted = (events: number, ...running: readonly RunningApp[]) =>
      expect.poll(() => total(...running), { timeout: 25_000, interval: 20 }).toBeGreaterThanOrEqual(events);

    const committedSources = ({ runtime }: RunningApp, document: AppDocument) =>
      runtime
        .status()
        .partitions.filter(({ topic, committed }) => topic === document.topics['in']?.name && committed !== null)
        .length;

    test('[A1] windowed counts equal the oracle', async () => {
      const document = await newApp();
      const events = eventsOf(5_000);
      const app = await run(document, 'w1');
      await produce(document, events);
      await counted(events.length, app);
      expect(counts(app)).toEqual(oracle(events));
    });

    test('[R1] a restarted app has its tables back before it goes on', async () => {
      const document = await newApp();
      const events = eventsOf(2_000);
      await produce(document, events);
      const first = await run(document, 'w1');
      await counted(events.length, first);
      await first.runtime.stop();
      const second = await run(document, 'w2');
      expect(counts(second)).toEqual(oracle(events));
      expect(second.runtime.status().partitions.reduce((sum, { committed }) => sum + Number(committed), 0)).toBe(
        events.length,
      );
    });

    test.each<[string, string | undefined]>([
      ['[C5] crashes in mid-stream neither lose an event nor count one twice', undefined],
      // The same key, but computed: it is repartitioned.
      ['[R6] nor behind a repartition', '(key)'],
    ])('%s', async (_, groupBy) => {
      const document = await newApp(groupBy);
      const events = eventsOf(40_000);
      await produce(document, events);
      for (let crashes = 1; crashes <= 3; crashes++) {
        const app = await run(document, `w${crashes}`);
        await counted(crashes * 9_000, app);
        // A crash before the first commit begins another pass: R6's bound.
        await expect.poll(() => committedSources(app, document), { timeout: 10_000 }).toBe(partitions);
        await crash(app);
      }
      const last = await run(document, 'last');
      await counted(events.length, last);
      expect(counts(last)).toEqual(oracle(events));
    });

    test('[R2] workers that come and go in mid-stream neither lose an event nor count one twice', async () => {
      const document = await newApp();
      const events = eventsOf(30_000);
      const a = await run(document, 'a');
      await produce(document, events.slice(0, 10_000));
      const b = await run(document, 'b');
      await produce(document, events.slice(10_000, 20_000));
      await counted(20_000, a, b);
      expect(a.runtime.status().tasks.length).toBe(2);
      await produce(document, events.slice(20_000));
      await a.runtime.stop();
      await counted(30_000, b);
      expect(counts(b)).toEqual(oracle(events));
    });

    test('[A4] hot swaps in mid-stream neither lose an event nor count one twice', async () => {
      const document = await newApp();
      const events = eventsOf(30_000);
      const app = await run(document, 'w1');
      await produce(document, events.slice(0, 15_000));
      for (let swaps = 0; swaps < 3; swaps++) await app.runtime.swap(compileTopology(compileDataflow(document)));
      await produce(document, events.slice(15_000));
      for (let swaps = 0; swaps < 3; swaps++) await app.runtime.swap(compileTopology(compileDataflow(document)));
      await counted(events.length, app);
      expect(counts(app)).toEqual(oracle(events));
    });
  });
};

interface Event {
  readonly key: string;
  readonly n: number;
  readonly timestampMs: number;
}

/** Some hundred keys over some seconds, out of order by less than the grace; the same each time. */
const eventsOf = (count: number): Event[] =>
  Array.from({ length: count }, (_, i) => ({
    key: `k${(i * 7_919) % 131}`,
    n: i % 10,
    timestampMs: firstMs + Math.floor((i * 6_000) / count) + ((i * 31) % 900),
  }));

const recordOf = (document: AppDocument, event: Event): ProducedRecord => ({
  topic: document.topics['in']?.name ?? '',
  key: Buffer.from(event.key),
  value: Buffer.from(JSON.stringify({ n: event.n })),
  timestampMs: event.timestampMs,
});

type Counts = Map<string, { count: number; total: number }>;

const oracle = (events: readonly Event[]): Counts => {
  const counts: Counts = new Map();
  for (const { key, n, timestampMs } of events) {
    const id = `${key} ${Math.floor(timestampMs / 1_000) * 1_000}`;
    const entry = counts.get(id) ?? { count: 0, total: 0 };
    entry.count++;
    entry.total += n;
    counts.set(id, entry);
  }
  return counts;
};

const countsOf = (runtimes: readonly AppRuntime[]): Counts =>
  new Map(
    runtimes
      .flatMap((runtime) => runtime.tables().get('counts') ?? [])
      .flatMap((table) => table.query({ windows: 'all', limit: Number.MAX_SAFE_INTEGER }).rows)
      .map(({ key, windowStartMs, value }) => [
        `${key} ${windowStartMs}`,
        { count: Number(value['count']), total: Number(value['total']) },
      ]),
  );
