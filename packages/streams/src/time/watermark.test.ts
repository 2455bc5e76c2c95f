import type { AppDocument } from '@millrace/spec';
import { expect, test } from 'vitest';
import { documentOf } from '../testing/processor-driver.ts';
import { TestDriver, testDriver } from '../testing/test-driver.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;
const fromMs = 1_700_000_040_000;
/** The wall clock is past every event. */
const startMs = fromMs + 2 * hourMs;
const graceMs = 30_000;

const documentWith = (steps: string, partitions: number): AppDocument =>
  documentOf(`
app: marks
topics:
  in: { name: marks-in, partitions: ${partitions}, key: string, value: { user: string, city: string }, eventTime: record }
  other: { name: marks-other, partitions: ${Math.max(1, partitions - 1)}, key: string, value: { user: string, city: string }, eventTime: record }
  out: { name: marks-out, partitions: 1, key: string, value: { count: long, start: long } }
tables:
  counts: { key: string, window: { tumbling: 1m, grace: 30s, retention: 1d }, emit: close, value: { count: count(), city: last(value.city) } }
  cities: { key: string, window: { tumbling: 5m, retention: 1d }, value: { count: sum(value.count) } }
agents:
  count: { from: [in, other], steps: [ ${steps}, { aggregate: counts } ] }
  tell: { from: { changes: counts }, steps: [ { map: { count: value.count, start: window.start } }, { send: { to: out, key: key } } ] }
  regroup: { from: { changes: counts }, steps: [ { group_by: value.city }, { aggregate: cities } ] }
settings: { commit: 200ms, idle: 5s }
`);

const shapes = {
  'one group_by': '{ group_by: value.user }',
  'a filter that drops the most': '{ filter: "value.user != \'u0\'" }, { group_by: value.user }',
  'two group_bys': '{ group_by: value.city }, { filter: "value.user != \'u0\'" }, { group_by: value.user }',
} as const;

interface Event {
  readonly topic: string;
  readonly partition: number;
  readonly user: string;
  readonly timestampMs: number;
}

/** mulberry32. */
const randomOf = (seed: number) => {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return { next, below: (limit: number): number => Math.floor(next() * limit) };
};

const cityOf = (user: string): string => `c${Number(user.slice(1)) % 3}`;

/** Each partition's events over the same hour, out of order by less than the grace; some partitions have hundreds, some a few, some none. */
const partitionsOf = (random: ReturnType<typeof randomOf>, document: AppDocument): Event[][] =>
  ['in', 'other'].flatMap((topic) =>
    Array.from({ length: document.topics[topic]?.partitions ?? 0 }, (_, partition) => {
      const count = [0, 3, 40, 400][random.below(4)] ?? 0;
      return Array.from({ length: count }, (_, i) => ({
        topic,
        partition,
        user: `u${random.below(7)}`,
        timestampMs: fromMs + Math.floor((i * hourMs) / count) - random.below(graceMs),
      }));
    }),
  );

const countsOf = (
  events: readonly Event[],
  sizeMs: number,
  keyOf: (event: Event) => string,
): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const event of events) {
    const id = `${keyOf(event)} ${Math.floor(event.timestampMs / sizeMs) * sizeMs}`;
    counts[id] = (counts[id] ?? 0) + 1;
  }
  return counts;
};

const rowsOf = (drivers: readonly TestDriver[], table: string): Record<string, number> =>
  Object.fromEntries(
    drivers
      .flatMap((driver) => driver.table(table).rows())
      .map(({ key, window, value }) => [`${key} ${window?.[0]}`, Number(value['count'])]),
  );

const lateOf = ({ broker }: TestDriver): number =>
  ['marks-counts-late', 'marks-cities-late']
    .flatMap((topic) => broker.logs(topic))
    .reduce((sum, { records }) => sum + records.length, 0);

interface Course {
  readonly crashes: boolean;
  readonly rebalances: boolean;
}

/** Writes the events at random paces while workers come, go and crash; returns the workers that are left, all done. */
const play = async (document: AppDocument, seed: number, { crashes, rebalances }: Course) => {
  const random = randomOf(seed);
  const left = partitionsOf(random, document);
  const events = left.flat();
  let first = new TestDriver(document, { startMs });
  const { broker, clock } = first;
  const pipe = (some: readonly Event[]): void => {
    for (const { topic, partition, user, timestampMs } of some)
      first.topic(topic).pipe(user, { user, city: cityOf(user) }, { at: timestampMs, partition });
  };
  /** From each partition something, at its own pace: none of them falls idle before its end. */
  const paces = left.map(() => [1, 5, 50, 400][random.below(4)] ?? 1);
  const round = (): void => {
    for (const [i, partition] of left.entries())
      pipe(partition.splice(0, Math.max(1, random.below((paces[i] ?? 1) * 2))));
  };
  if (random.below(2) === 0) for (const partition of left) pipe(partition.splice(0));
  else round();
  await first.start();
  let second: TestDriver | null = null;
  for (let steps = 0; steps < 8; steps++) {
    round();
    if (random.below(2) === 0) await first.advance(random.below(900));
    else await first.settle();
    const dice = random.below(6);
    if (crashes && dice === 0) {
      await first.crash();
      first = await testDriver(document, { broker, clock, workerId: `w${steps}` });
    } else if (rebalances && dice === 1) {
      if (second === null) second = await testDriver(document, { broker, clock, workerId: 'second' });
      else {
        await second.stop();
        second = null;
      }
    }
  }
  for (const partition of left) pipe(partition.splice(0));
  // The wall clock closes what no event does.
  await first.advance(2.5 * minuteMs);
  const drivers = second === null ? [first] : [first, second];
  return { drivers, events, broker };
};

const stop = async (drivers: readonly TestDriver[]): Promise<void> => {
  for (const driver of drivers) await driver.stop();
};

for (const [shape, steps] of Object.entries(shapes)) {
  for (const [name, course] of [
    ['by one worker', { crashes: false, rebalances: false }],
    ['by workers that come and go', { crashes: false, rebalances: true }],
    ['by workers that crash', { crashes: true, rebalances: true }],
  ] as const) {
    test(`[W8] ${shape}, ${name}: nothing that is in order within its partition is late, and windows close when they are complete`, async () => {
      for (let seed = 1; seed <= 6; seed++) {
        const document = documentWith(steps, 1 + (seed % 4));
        const { drivers, events, broker } = await play(document, seed, course);
        const counted = shape === 'one group_by' ? events : events.filter(({ user }) => user !== 'u0');
        const expected = countsOf(counted, minuteMs, ({ user }) => user);
        const told = drivers[0]?.topic('out').read() ?? [];
        const words = `seed ${seed}, ${events.length} events`;
        expect(
          broker.logs('marks-dead-letters').flatMap(({ records }) => records),
          words,
        ).toEqual([]);
        expect(lateOf(drivers[0] as TestDriver), words).toBe(0); // there is always one
        expect(rowsOf(drivers, 'counts'), words).toEqual(expected);
        for (const { key, value } of told) {
          const { count, start } = value as { count: number; start: number }; // as `out` says
          expect(count, words).toBe(expected[`${key} ${start}`]);
        }
        expect(new Set(told.map(({ key, value }) => `${key} ${(value as { start: number }).start}`)), words).toEqual(
          new Set(Object.keys(expected)),
        );
        // After a crash, what is told of closed windows may come twice (O6).
        if (!course.crashes) {
          expect(told.length, words).toBe(Object.keys(expected).length);
          expect(rowsOf(drivers, 'cities'), words).toEqual(countsOf(counted, 5 * minuteMs, ({ user }) => cityOf(user)));
        }
        await stop(drivers);
      }
    });
  }
}

test('[W8] an app whose sources are idle, and whose windows have closed, writes no marks', async () => {
  const t = await testDriver(documentWith(shapes['two group_bys'], 3), { startMs });
  /** Written in all: what the app is done with is deleted. */
  const written = (): number =>
    [...t.broker.topics]
      .filter(([topic]) => topic.endsWith('-repartition'))
      .flatMap(([, { logs }]) => logs)
      .reduce((sum, { latest }) => sum + Number(latest), 0);
  for (let i = 0; i < 30; i++)
    t.topic('in').pipe('k', { user: `u${i % 7}`, city: `c${i % 3}` }, { at: fromMs + i * 1_000, partition: i % 2 });
  await t.advance(2.5 * minuteMs);
  const before = written();
  expect(before).toBeGreaterThan(0);
  await t.advance(5 * minuteMs);
  expect(written()).toBe(before);
  await t.stop();
});
