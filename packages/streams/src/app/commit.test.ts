import { expect, test } from 'vitest';
import { isMarker } from '../tables/changelog-marker.ts';
import { countDocument } from '../testing/count-document.ts';
import { headerTexts } from '../testing/header-texts.ts';
import { type TestDriver, testDriver } from '../testing/test-driver.ts';
import type { RecordHeaders } from '../transport/record-headers.ts';

const document = countDocument({ partitions: 1, settings: '{ commit: 1s }' });
const changelog = 'counting-counts-changelog';
const counts = (t: TestDriver) =>
  t
    .table('counts')
    .rows()
    .map(({ key, value }) => [key, value['count']]);
const committed = (t: TestDriver) => t.broker.group('counting').committed.get('counting-in/0');
/** A crash's successor, over the same broker and clock. */
const successor = (t: TestDriver) => testDriver(document, { broker: t.broker, clock: t.clock });

test('[C2] outputs and changelogs are written before the offsets they belong to', async () => {
  const t = await testDriver(document);
  t.topic('in').pipe('a', { n: 1 }, { at: 0 });
  await t.settle();
  t.broker.faults.holdProduce = true;
  await t.advance(1_000);
  expect(committed(t)).toBe(0n);
  t.broker.faults.holdProduce = false;
  t.broker.wake();
  await t.settle();
  expect(committed(t)).toBe(1n);
  expect(t.topic('out').read().length).toBe(1);
  await t.stop();
});

test('[C3] a refused flush commits nothing: the app says why, goes back to what is committed, and loses and doubles nothing', async () => {
  const t = await testDriver(document);
  t.topic('in').pipe('a', { n: 1 }, { at: 0 });
  await t.advance(1_000);
  t.topic('in').pipe('a', { n: 1 }, { at: 1 });
  await t.settle();
  t.broker.faults.refuseProduces = 1;
  await t.advance(1_000);
  expect(committed(t)).toBe(1n);
  expect(t.status().state).toMatchObject({
    kind: 'retrying',
    reason: 'memory: the produce request timed out',
    nextTryMs: 2_500,
  });
  await t.advance(2_000);
  expect(t.status().state.kind).toBe('running');
  expect([counts(t), committed(t)]).toEqual([[['a', 2]], 2n]);
  await t.stop();
});

test('[C4] a commit that times out is tried again, with nothing restored', async () => {
  const restored: string[] = [];
  const t = await testDriver(document, { sensor: { restored: (task) => restored.push(task) } });
  t.topic('in').pipe('a', { n: 1 }, { at: 0 });
  await t.settle();
  t.broker.faults.refuseCommits = 1;
  await t.advance(1_000);
  expect(t.status().state).toMatchObject({ kind: 'retrying', reason: 'memory: the commit timed out' });
  await t.advance(1_000);
  expect([t.status().state.kind, committed(t), restored.length]).toEqual(['running', 1n, 1]);
  await t.stop();
});

test('[C5] what a flush wrote without finishing it is taken back, also for the next to restore', async () => {
  const t = await testDriver(document);
  t.topic('in').pipe('a', { n: 1 }, { at: 0 }).pipe('b', { n: 1 }, { at: 0 });
  await t.advance(1_000);
  await t.crash();
  // The rest of a flush that was cut short: `a` counted on, `c` new.
  const log = t.broker.log(changelog, 0);
  const entry = log.records.find((record) => record.key?.toString() === '["a",0]');
  for (const key of ['["a",0]', '["c",0]']) {
    log.append({
      timestampMs: 5,
      key: Buffer.from(key),
      value: Buffer.from(entry?.value?.toString().replace('"count:count":1', '"count:count":7') ?? ''),
    });
  }
  const second = await successor(t);
  expect(counts(second)).toEqual([
    ['a', 1],
    ['b', 1],
  ]);
  await second.advance(1_000);
  await second.crash();
  expect(isMarker(log.records.at(-1)?.key ?? null)).toBe(true);
  const third = await successor(t);
  expect(counts(third)).toEqual([
    ['a', 1],
    ['b', 1],
  ]);
  await third.stop();
});

test('[C5] a flush that was finished before a crash kept its commit back is not counted twice', async () => {
  const t = await testDriver(document);
  t.topic('in').pipe('a', { n: 1 }, { at: 0 });
  await t.settle();
  t.broker.faults.refuseCommits = 1;
  await t.advance(1_000);
  expect(committed(t)).toBe(0n);
  await t.crash();
  const second = await successor(t);
  await second.advance(1_000);
  expect([counts(second), committed(second)]).toEqual([[['a', 1]], 1n]);
  await second.stop();
});

test('[C5] a flush whose outputs were refused is not finished, though its changelog was written: they come again', async () => {
  const t = await testDriver(document);
  t.topic('in').pipe('a', { n: 1 }, { at: 0 });
  await t.settle();
  t.broker.faults.refuseTopic = 'counting-out';
  await t.advance(1_000);
  expect(t.broker.log(changelog, 0).records.map(({ key }) => isMarker(key))).toEqual([false, false]);
  t.broker.faults.refuseTopic = null;
  await t.advance(2_000);
  expect([counts(t), t.topic('out').read().length]).toEqual([[['a', 1]], 1]);
  await t.stop();
});

test('[C6] offsets that somebody moved are obeyed', async () => {
  const t = await testDriver(document);
  t.topic('in').pipe('a', { n: 1 }, { at: 0 }).pipe('a', { n: 1 }, { at: 1 });
  await t.advance(1_000);
  await t.stop();
  t.broker.group('counting').committed.set('counting-in/0', 1n);
  t.topic('in').pipe('a', { n: 1 }, { at: 2 });
  await t.advance(10);
  const second = await successor(t);
  expect(second.status().partitions[0]?.read).toBe('3');
  expect(counts(second)).toEqual([['a', 4]]);
  await second.stop();
});

test('[R8] an offset that the group has lost is the one that the state knows', async () => {
  const t = await testDriver(document);
  t.topic('in').pipe('a', { n: 1 }, { at: 0 }).pipe('a', { n: 1 }, { at: 1 });
  await t.advance(1_000);
  await t.stop();
  t.broker.group('counting').committed.clear();
  t.topic('in').pipe('a', { n: 1 }, { at: 2 });
  const second = await successor(t);
  await second.advance(1_000);
  expect([counts(second), committed(second)]).toEqual([[['a', 3]], 3n]);
  await second.stop();
});

test('[C7] a record that fails goes to the dead letters with its bytes and its reason, and the rest goes on', async () => {
  const t = await testDriver(document);
  const headers: RecordHeaders = [
    ['millrace.app', Buffer.from('of another app')],
    ['trace', null],
  ];
  t.topic('in')
    .pipeBytes(Buffer.from('k'), Buffer.from('{"n":"many"}'), { at: 77, headers })
    .pipe('a', { n: 1 }, { at: 100 });
  await t.advance(1_000);
  const [letter] = t.broker.logs('counting-dead-letters').flatMap((log) => log.records);
  expect([letter?.key?.toString(), letter?.value?.toString()]).toEqual(['k', '{"n":"many"}']);
  expect(headerTexts(letter?.headers)).toEqual([
    ['millrace.app', 'of another app'],
    ['trace', null],
    ['millrace.app', 'counting'],
    ['millrace.kind', 'decode'],
    ['millrace.error', expect.stringContaining('n')],
    ['millrace.origin.topic', 'counting-in'],
    ['millrace.origin.partition', '0'],
    ['millrace.origin.offset', '0'],
    ['millrace.origin.timestamp', '77'],
    ['millrace.at', '0'],
  ]);
  expect([counts(t), committed(t), t.status().deadLetters, t.status().failures.length]).toEqual([[['a', 1]], 2n, 1, 1]);
  await t.stop();
});

test('[K2] offsets that cannot be read are one dead letter that names them, and the rest goes on', async () => {
  const t = await testDriver(document);
  t.broker.log('counting-in', 0).damage(0n, 2n, 'it does not decompress with lz4: a block is cut off');
  for (let at = 0; at < 3; at++) t.topic('in').pipe('a', { n: 1 }, { at });
  await t.advance(1_000);
  const [letter, ...others] = t.broker.logs('counting-dead-letters').flatMap((log) => log.records);
  expect([letter?.key, letter?.value, others]).toEqual([null, null, []]);
  expect(Object.fromEntries(headerTexts(letter?.headers))).toMatchObject({
    'millrace.kind': 'decode',
    'millrace.error': 'offsets 0 to 1 cannot be read: it does not decompress with lz4: a block is cut off',
    'millrace.origin.offset': '0',
    'millrace.origin.end': '2',
  });
  expect([counts(t), committed(t), t.status().deadLetters]).toEqual([[['a', 1]], 3n, 1]);
  await t.stop();
});

test('[C8] with the policy stop the app fails at the record, which is not committed', async () => {
  const stopping = {
    ...document,
    topics: { ...document.topics, in: { ...document.topics['in']!, onDecodeError: 'stop' as const } },
  }; // the document has it
  const t = await testDriver(stopping);
  t.topic('in').pipe('a', { n: 1 }, { at: 0 });
  await t.advance(1_000);
  t.topic('in').pipe('a', { n: 1 }, { at: 1 }).pipeBytes(Buffer.from('k'), Buffer.from('{'), { at: 2 });
  await t.advance(5_000);
  expect(t.status().state).toMatchObject({
    kind: 'failed',
    reason: expect.stringMatching(/^counting-in\/0 offset 2: /),
  });
  expect(committed(t)).toBe(1n);
  await t.stop();
  expect(t.status().state.kind).toBe('stopped');
});
