import { expect, test } from 'vitest';
import { headerTexts } from '../testing/header-texts.ts';
import { documentOf } from '../testing/processor-driver.ts';
import { testDriver } from '../testing/test-driver.ts';

const documentWith = (onError: 'dead-letter' | 'stop') =>
  documentOf(`
app: behind
topics:
  a: { name: behind-a, partitions: 2, key: string, value: { user: string, n: { type: long, optional: true } }, eventTime: record }
  b: { name: behind-b, partitions: 2, key: string, value: { user: string, n: { type: long, optional: true } }, eventTime: record }
  out: { name: behind-out, partitions: 1, key: string, value: { n: long } }
agents:
  move: { from: [a, b], steps: [ { group_by: value.user }, { map: { n: value.n + 1 } }, { send: out } ], onError: ${onError} }
`);

test('[C7] behind a group_by a dead letter names the source record, and keeps the headers that came with it', async () => {
  const t = await testDriver(documentWith('dead-letter'));
  t.topic('b').pipe('k', { user: 'u', n: 1 }, { at: 1, partition: 1 });
  t.topic('b').pipe('k', { user: 'u' }, { at: 2, partition: 1, headers: [['trace', Buffer.from('1')]] });
  await t.advance(1_000);
  const [letter] = t.broker.logs('behind-dead-letters').flatMap(({ records }) => records);
  const headers = headerTexts(letter?.headers);
  expect(headers[0]).toEqual(['trace', '1']);
  expect(headers.map(([name]) => name)).not.toContain('millrace-origin');
  expect(Object.fromEntries(headers)).toMatchObject({
    'millrace.origin.topic': 'behind-move-group_by-repartition',
    'millrace.source.topic': 'behind-b',
    'millrace.source.partition': '1',
    'millrace.source.offset': '1',
  });
  expect(t.status().failures).toMatchObject([{ source: { topic: 'behind-b', partition: 1, offset: '1' } }]);
  await t.stop();
});

test('[C8] behind a group_by the app that stops names the source record before its own', async () => {
  const t = await testDriver(documentWith('stop'));
  t.topic('a').pipe('k', { user: 'u' }, { at: 2, partition: 0 });
  await t.advance(1_000);
  expect(t.status().state).toMatchObject({
    kind: 'failed',
    reason: expect.stringMatching(/^behind-a\/0 offset 0 \(as behind-move-group_by-repartition\/\d offset \d+\): /),
  });
  await t.stop();
});

test('[C8] behind several of them, too: it is the record that a person has sent', async () => {
  const document = documentOf(`
app: chain
topics:
  in: { name: chain-in, partitions: 2, key: string, value: { user: string, n: { type: long, optional: true } }, eventTime: record }
  out: { name: chain-out, partitions: 1, key: string, value: { n: long } }
agents:
  move:
    from: in
    steps: [ { group_by: value.user }, { group_by: value.user + "!" }, { group_by: value.user }, { map: { n: value.n + 1 } }, { send: out } ]
`);
  const t = await testDriver(document);
  for (let n = 0; n < 5; n++) t.topic('in').pipe('k', { user: `u${n}`, n }, { at: n, partition: 1 });
  t.topic('in').pipe('k', { user: 'u' }, { at: 6, partition: 1 });
  await t.advance(3_000);
  expect(t.status().failures).toMatchObject([{ source: { topic: 'chain-in', partition: 1, offset: '5' } }]);
  const [letter] = t.broker.logs('chain-dead-letters').flatMap(({ records }) => records);
  expect(Object.fromEntries(headerTexts(letter?.headers))).toMatchObject({
    'millrace.source.topic': 'chain-in',
    'millrace.source.offset': '5',
  });
  await t.stop();
});
