import { expect, test } from 'vitest';
import { countDocument } from '../testing/count-document.ts';
import { type TestDriver, testDriver } from '../testing/test-driver.ts';
import type { TaskProcessor, Topology } from '../topology/topology.ts';
import type { WorkPlace } from './work-place.ts';

/** Work that throws where `throws` says so, as a fault of this program would. */
const faulty = (topology: Topology, change: (processor: TaskProcessor) => void): Topology => ({
  ...topology,
  subtopologies: topology.subtopologies.map((subtopology) => ({
    ...subtopology,
    build: (context, inherit) => {
      const processor = subtopology.build(context, inherit);
      change(processor);
      return processor;
    },
  })),
});

/** Processing throws at the key `poison`, behind what came before it in the same slice. */
const throwsAtPoison = (topology: Topology): Topology =>
  faulty(topology, (processor) => {
    const process = processor.process.bind(processor);
    processor.process = (events, from, to) => {
      const poison = events.keys.indexOf('poison', from);
      process(events, from, poison >= from && poison < to ? poison : to);
      if (poison >= from && poison < to) throw new TypeError('slots is undefined');
    };
  });

const counts = (t: TestDriver) =>
  t
    .table('counts')
    .rows()
    .map(({ key, value }) => [key, value['count']]);

const deadLetters = (t: TestDriver) =>
  t.status().failures.map(({ topic, partition, offset, reason }) => [topic, partition, offset, reason]);

test('[Q2] the record at which processing throws again is set aside by the policy, and the others are counted once', async () => {
  const t = await testDriver(countDocument({ settings: '{ commit: 1s }' }));
  await t.runtime.swap(throwsAtPoison(t.runtime.topology));
  t.topic('in').pipe('a', { n: 1 }, { at: 0 }).pipe('poison', { n: 1 }, { at: 0 }).pipe('a', { n: 1 }, { at: 0 });
  await t.settle();
  expect(t.status().state.kind).toBe('retrying');
  await t.advance(60_000);
  expect(t.status().state.kind).toBe('running');
  expect(counts(t)).toEqual([['a', 2]]);
  expect(t.status().deadLetters).toBe(1);
  expect(deadLetters(t)).toEqual([
    [
      'counting-in',
      expect.any(Number),
      expect.any(String),
      expect.stringContaining('set aside, because work ended here again and again: slots is undefined'),
    ],
  ]);
  await t.stop();
});

test('[Q2] with the policy stop the app fails, and names the record', async () => {
  const t = await testDriver(countDocument({ settings: '{ commit: 1s }', onError: 'stop' }));
  await t.runtime.swap(throwsAtPoison(t.runtime.topology));
  t.topic('in').pipe('poison', { n: 1 }, { at: 0 });
  await t.advance(60_000);
  const { state } = t.status();
  expect(state).toMatchObject({ kind: 'failed' });
  expect(state.kind === 'failed' ? state.reason : '').toMatch(
    /^counting-in\/\d offset 0: set aside, .*slots is undefined/,
  );
  await t.stop();
});

test('[A9] a flush that throws is tried thrice, then the app fails with the reason and the task; nothing is skipped', async () => {
  const t = await testDriver(countDocument({ settings: '{ commit: 1s }' }));
  await t.runtime.swap(
    faulty(t.runtime.topology, (processor) => {
      const flush = processor.flush.bind(processor);
      processor.flush = () => {
        if (processor.streamTimeMs >= 0) throw new TypeError('slots is undefined');
        flush();
      };
    }),
  );
  t.topic('in').pipe('a', { n: 1 }, { at: 0 });
  await t.advance(60_000);
  expect(t.status().state).toMatchObject({
    kind: 'failed',
    reason: expect.stringMatching(/^slots is undefined \(while flushing task counting-in\/\d\)$/),
  });
  expect([...t.broker.group('counting').committed.values()]).toEqual([0n, 0n]);
  await t.stop();
});

test('[Q3] where work begins is told before it does, with the agent and the step, and when nothing is at work', async () => {
  const places: (WorkPlace | null)[] = [];
  const t = await testDriver(countDocument({ settings: '{ commit: 1s }' }), { placed: (place) => places.push(place) });
  t.topic('in').pipe('a', { n: 1 }, { at: 0 });
  await t.advance(1_000);
  const told = places.map((place) =>
    place === null ? null : [place.phase, place.records?.from, place.agent, place.step],
  );
  expect(told).toContainEqual(['decode', '0', undefined, undefined]);
  expect(told).toContainEqual(['process', '0', undefined, undefined]);
  expect(told).toContainEqual(['process', '0', 'counter', expect.any(String)]);
  expect(told).toContainEqual(['flush', undefined, undefined, undefined]);
  expect(told.at(-1)).toBe(null);
  await t.stop();
});
