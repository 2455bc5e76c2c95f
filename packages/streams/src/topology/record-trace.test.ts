import { compileDataflow } from '@millrace/dataflow';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { documentOf } from '../testing/processor-driver.ts';
import { testDriver } from '../testing/test-driver.ts';
import { RecordTrace } from './record-trace.ts';

const steps = fc
  .array(
    fc.constantFrom(
      'filter: value.n > 3',
      'filter: value.user != "b"',
      'set: { n: value.n + 1 }',
      'set: { user: "value.user + \'x\'" }',
      'group_by: value.user',
      'group_by: { key: key, partitions: 3 }',
      // Fails for some.
      'filter: 10 / (value.n - 5) > 0',
    ),
    { maxLength: 4 },
  )
  .filter((list) => list.filter((step) => step.startsWith('group_by')).length < 3);

const records = fc.array(
  fc.record({
    key: fc.constantFrom('p', 'q'),
    user: fc.constantFrom('a', 'b', 'c'),
    n: fc.integer({ min: 0, max: 9 }),
    kind: fc.constantFrom('record', 'record', 'record', 'tombstone', 'broken'),
  }),
  { minLength: 1, maxLength: 12 },
);

const textOf = (first: readonly string[], second: readonly string[]): string => `app: traced
topics:
  in: { name: traced-in, partitions: 2, key: string, value: { user: string, n: long }, eventTime: record }
  more: { name: traced-more, partitions: 2, key: string, value: { user: string, n: long }, eventTime: record }
tables:
  counts: { key: string, value: { count: count() } }
agents:
  one: { from: [in, more], steps: [ ${[...first, 'group_by: { key: key, partitions: 2 }', 'aggregate: counts'].map((step) => `{ ${step} }`).join(', ')} ] }
  two: { from: in, steps: [ ${[...second, 'group_by: { key: key, partitions: 2 }', 'aggregate: counts'].map((step) => `{ ${step} }`).join(', ')} ] }
`;

test('[O11] a record is followed to the keys that it is counted under: of all records, a table holds as many as arrive', async () => {
  await fc.assert(
    fc.asyncProperty(steps, steps, records, async (first, second, made) => {
      const document = documentOf(textOf(first, second));
      const t = await testDriver(document);
      for (const [at, { key, user, n, kind }] of made.entries()) {
        const value = kind === 'tombstone' ? null : kind === 'broken' ? { user, n: 'no number' } : { user, n };
        t.topic(at % 3 === 0 ? 'traced-more' : 'traced-in').pipe(key, value, { at, partition: at % 2 });
      }
      await t.advance(5_000);
      const trace = new RecordTrace(compileDataflow(document), 'counts', t.clock);
      const arrived: Record<string, number> = {};
      for (const topic of ['traced-in', 'traced-more']) {
        for (const partition of [0, 1]) {
          for (const record of t.broker.log(topic, partition).records)
            for (const { key } of trace.follow(topic, record)) arrived[String(key)] = (arrived[String(key)] ?? 0) + 1;
        }
      }
      const counted = t.table('counts').rows();
      expect(arrived).toEqual(Object.fromEntries(counted.map(({ key, value }) => [String(key), value['count']])));
      await t.stop();
    }),
    { numRuns: 60 },
  );
});
