import type { AppDocument } from '@millrace/spec';
import { expect, test } from 'vitest';
import { headerTexts } from '../testing/header-texts.ts';
import { documentOf } from '../testing/processor-driver.ts';
import { type TestDriver, testDriver } from '../testing/test-driver.ts';

const documentWith = (onError: 'dead-letter' | 'skip' | 'stop'): AppDocument =>
  documentOf(`
app: large
topics:
  in: { name: large-in, partitions: 1, key: string, value: { user: string, text: string }, eventTime: record }
  out: { name: large-out, partitions: 1, key: string, value: { text: string } }
tables:
  texts: { key: string, value: { n: count(), last: last(value.text) } }
  windows: { key: string, window: { tumbling: 10ms }, value: { n: count() } }
agents:
  move:
    from: in
    steps: [ { map: { text: "value.text + value.text" } }, { send: out } ]
    onError: ${onError}
  group: { from: in, steps: [ { group_by: value.user }, { aggregate: texts } ], onError: ${onError} }
  late: { from: in, steps: [ { aggregate: windows } ], onError: ${onError} }
settings: { commit: 100ms }
`);

const lettersOf = (t: TestDriver) =>
  t.broker
    .logs('large-dead-letters')
    .flatMap(({ records }) => records)
    .map(({ key, value, headers }) => ({
      key: key?.toString() ?? null,
      value: value?.toString() ?? null,
      headers: Object.fromEntries(headerTexts(headers)),
    }));

const pipe = async (t: TestDriver, ...texts: string[]) => {
  texts.forEach((text, at) => void t.topic('in').pipe('k', { user: 'u', text }, { at: 1_000 + at }));
  await t.advance(1_000);
};

/** Where each of the topics that an app writes takes no record of 500 bytes, the bytes of the large one go nowhere. */
test.each([
  ['an output', 'large-out', 'move', 'send'],
  ['a repartition', 'large-group-group_by-repartition', 'group', 'group_by'],
])('[C9] %s that is too large is a note with its origin, and the others go on', async (_, target, agent, step) => {
  const t = await testDriver(documentWith('dead-letter'));
  t.broker.faults.maxRecordBytes.set(target, 2_000);
  await pipe(t, 'a', 'x'.repeat(3_000), 'b');
  expect(t.status().state.kind).toBe('running');
  // A repartition topic also holds marks of time, and lets go of what is done with.
  expect(t.table('texts').rows()).toMatchObject([{ value: { n: target === 'large-out' ? 3 : 2 } }]);
  if (target === 'large-out') expect(t.broker.logs(target)[0]?.records).toHaveLength(2);
  const [letter, ...others] = lettersOf(t);
  expect(others).toEqual([]);
  expect(letter?.key).toBe(null);
  expect(JSON.parse(letter?.value ?? '')).toMatchObject({ target, keyBytes: expect.any(Number) });
  expect(letter?.headers).toMatchObject({
    'millrace.kind': 'too-large',
    'millrace.error': expect.stringMatching(
      `^too large for ${target}: key \\d+, value \\d{4} bytes|^too large for ${target}: key`,
    ),
    'millrace.agent': agent,
    'millrace.step': step,
    'millrace.origin.topic': 'large-in',
    'millrace.origin.offset': '1',
    'millrace.too-large': target,
  });
  expect(t.broker.group('large').committed.get('large-in/0')).toBe(3n);
  expect(t.status()).toMatchObject({ deadLetters: 1, failures: [{ topic: 'large-in', offset: '1' }] });
  await t.stop();
});

test('[C9] a late record that is too large for the late topic is a note', async () => {
  const t = await testDriver(documentWith('dead-letter'), { startMs: 10_000 });
  t.broker.faults.maxRecordBytes.set('large-windows-late', 2_000);
  t.topic('in').pipe('k', { user: 'u', text: 'a' }, { at: 5_000 });
  t.topic('in').pipe('k', { user: 'u', text: 'x'.repeat(3_000) }, { at: 1 });
  await t.advance(10_000);
  expect(t.status().state.kind).toBe('running');
  expect(lettersOf(t).map(({ headers }) => [headers['millrace.too-large'], headers['millrace.origin.offset']])).toEqual(
    [['large-windows-late', '1']],
  );
  await t.stop();
});

test('[C9] a dead letter that is too large keeps its reason and its origin, and has a note for its bytes', async () => {
  const t = await testDriver(documentWith('dead-letter'));
  t.broker.faults.maxRecordBytes.set('large-dead-letters', 2_000);
  t.topic('in').pipeBytes(Buffer.from('k'), Buffer.from(`{"user":5,"text":"${'x'.repeat(3_000)}"}`), {
    at: 1,
    headers: [['huge', Buffer.alloc(5_000)]],
  });
  await t.advance(1_000);
  expect(t.status()).toMatchObject({ state: { kind: 'running' }, deadLetters: 1 });
  const [letter, ...others] = lettersOf(t);
  expect(others).toEqual([]);
  expect(JSON.parse(letter?.value ?? '')).toMatchObject({
    target: 'large-dead-letters',
    keyBytes: 1,
    valueBytes: 3_020,
  });
  expect(letter?.headers).toMatchObject({
    'millrace.kind': 'decode',
    'millrace.error': expect.stringContaining('user is not a text'),
    'millrace.origin.offset': '0',
    'millrace.too-large': 'large-dead-letters',
  });
  expect(t.broker.group('large').committed.get('large-in/0')).toBe(1n);
  await t.stop();
});

test('[C9] a note that is too large itself stops nothing', async () => {
  const t = await testDriver(documentWith('dead-letter'));
  t.broker.faults.maxRecordBytes.set('large-dead-letters', 10);
  t.topic('in').pipeBytes(null, Buffer.from('no'), { at: 1 });
  await pipe(t, 'a');
  expect(t.status()).toMatchObject({ state: { kind: 'running' }, deadLetters: 1 });
  expect(t.broker.group('large').committed.get('large-in/0')).toBe(2n);
  await t.stop();
});

test('[C9] an entry that is too large for its changelog is told by table and key, stays in memory, and is written when it is smaller', async () => {
  const t = await testDriver(documentWith('dead-letter'));
  t.broker.faults.maxRecordBytes.set('large-texts-changelog', 2_000);
  await pipe(t, 'x'.repeat(3_000));
  expect(t.status().state.kind).toBe('running');
  expect(t.table('texts').rows()).toMatchObject([{ key: 'u', value: { n: 1 } }]);
  const [letter] = lettersOf(t);
  expect(letter?.headers).toMatchObject({
    'millrace.kind': 'too-large',
    'millrace.table': 'texts',
    'millrace.error': expect.stringContaining('the entry ["u"] of table texts is too large for its changelog'),
  });
  await pipe(t, 'a');
  const written = t.broker.logs('large-texts-changelog').flatMap(({ records }) => records);
  expect(written.map(({ key }) => String(key))).toContain('["u"]');
  expect(t.table('texts').rows()).toMatchObject([{ key: 'u', value: { n: 2, last: 'a' } }]);
  await t.stop();
});

test('[D2] a sensitive key does not stand in the note of its entry', async () => {
  const t = await testDriver(
    documentOf(`
app: secret
topics:
  in: { name: secret-in, partitions: 1, key: string, value: { card: { type: string, sensitive: true }, text: string }, eventTime: record }
tables:
  texts: { key: string, value: { last: last(value.text) } }
agents:
  group: { from: in, steps: [ { group_by: value.card }, { aggregate: texts } ] }
settings: { commit: 100ms }
`),
  );
  t.broker.faults.maxRecordBytes.set('secret-texts-changelog', 2_000);
  t.topic('in').pipe('k', { card: '4000123', text: 'x'.repeat(3_000) }, { at: 1 });
  await t.advance(1_000);
  expect(t.status().failures).toMatchObject([
    { reason: expect.stringContaining('the entry of a sensitive key of table texts') },
  ]);
  const letters = t.broker.logs('secret-dead-letters').flatMap(({ records }) => records);
  expect(JSON.stringify(letters.map(({ headers, value }) => [headerTexts(headers), String(value)]))).not.toContain(
    '4000123',
  );
  await t.stop();
});

test('[C9] with the policy stop the app fails in words that name the record, which is not committed; with skip it goes on', async () => {
  const stopping = await testDriver(documentWith('stop'));
  stopping.broker.faults.maxRecordBytes.set('large-out', 2_000);
  await pipe(stopping, 'a', 'x'.repeat(3_000));
  expect(stopping.status().state).toMatchObject({
    kind: 'failed',
    reason: expect.stringContaining('large-in/0 offset 1: too large for large-out'),
  });
  await stopping.stop();
  const skipping = await testDriver(documentWith('skip'));
  skipping.broker.faults.maxRecordBytes.set('large-out', 2_000);
  await pipe(skipping, 'a', 'x'.repeat(3_000), 'b');
  expect(skipping.status()).toMatchObject({ state: { kind: 'running' }, deadLetters: 0, failures: [{ offset: '1' }] });
  expect(lettersOf(skipping)).toEqual([]);
  await skipping.stop();
});
