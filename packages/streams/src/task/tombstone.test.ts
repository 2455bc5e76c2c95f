import { expect, test } from 'vitest';
import { documentOf } from '../testing/processor-driver.ts';
import { testDriver } from '../testing/test-driver.ts';

const documentWith = (codec: 'json' | 'string', onDecodeError: 'stop' | 'dead-letter') =>
  documentOf(`
app: stones
topics:
  in: { name: stones-in, partitions: 1, key: string, value: ${codec === 'json' ? '{ n: long }' : 'string'}, codec: ${codec}, eventTime: record, onDecodeError: ${onDecodeError} }
tables:
  counts: { key: string, value: { n: count() } }
agents:
  count: { from: in, steps: [ { aggregate: counts } ], onError: stop }
settings: { commit: 100ms }
`);

test.each([
  ['json', 'stop'],
  ['json', 'dead-letter'],
  ['string', 'stop'],
] as const)(
  '[D11] tombstones of a %s topic with the policy %s are passed over and counted, and committed past',
  async (codec, policy) => {
    const t = await testDriver(documentWith(codec, policy));
    const value = codec === 'json' ? { n: 1 } : 'x';
    t.topic('in')
      .pipe('k', null, { at: 1 })
      .pipe('k', value, { at: 2 })
      .pipe('k', null, { at: 3 })
      .pipe(null, null, { at: 4 });
    await t.advance(1_000);
    expect(t.status()).toMatchObject({
      state: { kind: 'running' },
      deadLetters: 0,
      failures: [],
      partitions: [{ topic: 'stones-in', tombstones: 3, lag: 0 }],
    });
    expect(t.table('counts').rows()).toEqual([{ key: 'k', value: { n: 1 } }]);
    expect(t.broker.group('stones').committed.get('stones-in/0')).toBe(4n);
    await t.stop();
  },
);

test('[D11] a tombstone is counted when it is its turn, once, also over a swap', async () => {
  const t = await testDriver(documentWith('json', 'dead-letter'));
  t.runtime.pause();
  for (let at = 0; at < 5; at++) t.topic('in').pipe('k', at % 2 === 0 ? null : { n: 1 }, { at });
  await t.settle();
  await t.swap(documentWith('json', 'stop'));
  expect(t.status().partitions).toMatchObject([{ tombstones: 0 }]);
  t.runtime.resume();
  await t.advance(1_000);
  expect(t.status().partitions).toMatchObject([{ tombstones: 3 }]);
  expect(t.table('counts').rows()).toEqual([{ key: 'k', value: { n: 2 } }]);
  await t.stop();
});

test('[D11] the count goes on over a session that failed, and what is read again is counted once', async () => {
  const t = await testDriver(documentWith('json', 'dead-letter'));
  t.topic('in').pipe('k', null, { at: 1 }).pipe('k', { n: 1 }, { at: 2 }).pipe('k', null, { at: 3 });
  await t.advance(1_000);
  t.broker.faults.refuseProduces = 1;
  t.topic('in').pipe('k', null, { at: 4 }).pipe('k', { n: 1 }, { at: 5 });
  await t.advance(200);
  expect(t.status().state).toMatchObject({ kind: 'retrying' });
  await t.advance(10_000);
  expect(t.status()).toMatchObject({ state: { kind: 'running' }, partitions: [{ tombstones: 3, committed: '5' }] });
  await t.stop();
});
