import { expect, test } from 'vitest';
import { parseDocument } from '../text/parse.ts';
import { appSensitivity } from './app-sensitivity.ts';
import { masked } from './sensitivity.ts';

const { document } = parseDocument(`
app: cards
models:
  Card: { number: { type: string, sensitive: true }, kind: string }
  Payment: { user: string, card: { type: string, sensitive: true, alias: CARD }, cards: "list<Card>", amount: double }
topics:
  in: { partitions: 1, key: string, value: Payment }
  out: { partitions: 1, key: string, value: { pan: string, user: string, same: boolean } }
  again: { partitions: 1, key: string, value: { x: string } }
tables:
  by-card: { key: string, value: { n: count(), last: last(value.card), users: distinct(value.card), who: last(value.user), whole: last(value.cards) } }
  by-user: { key: string, value: { n: count() } }
agents:
  count: { from: in, steps: [ { group_by: "lower(value.card)" }, { aggregate: by-card } ] }
  users: { from: in, steps: [ { rename: { card: pan } }, { group_by: value.user }, { aggregate: by-user } ] }
  move: { from: in, steps: [ { map: { pan: value.card, user: value.user, same: "value.card == 'x'" } }, { send: { to: out, key: value.pan } } ] }
  on: { from: out, steps: [ { map: { x: "value.pan ?? 'none'" } }, { send: again } ] }
`);
const sensitivity = document === undefined || document === null ? null : appSensitivity(document);
const payment = { fields: { card: true, CARD: true, cards: { items: { fields: { number: true } } } } };

test('what is derived from a sensitive field is sensitive in every topic and table, whatever its name and type', () => {
  expect(sensitivity?.topics.get('in')).toEqual({ key: false, value: payment });
  expect(sensitivity?.topics.get('out')).toEqual({ key: true, value: { fields: { pan: true, same: true } } });
  expect(sensitivity?.topics.get('again')).toEqual({ key: true, value: { fields: { x: true } } });
  expect(sensitivity?.tables.get('by-card')).toEqual({
    key: true,
    value: { fields: { last: true, whole: payment.fields.cards } },
  });
  expect(sensitivity?.states.get('by-card')).toEqual({
    fields: { 'last:last': true, 'users:distinct': true, 'whole:last': true },
  });
  expect(sensitivity?.tables.get('by-user')).toEqual({ key: false, value: false });
  expect(sensitivity?.repartitions.get('cards-count-group_by-repartition')).toEqual({ key: true, value: payment });
  expect(sensitivity?.repartitions.get('cards-users-group_by-repartition')?.value).toMatchObject({
    fields: { pan: true },
  });
  expect(sensitivity?.late.get('by-card')).toEqual({ key: true, value: payment });
});

test('masked: in its place, null stays null, what is not of its type is masked whole', () => {
  const value = { card: '4000', user: 'u', cards: [{ number: '1', kind: 'x' }] };
  expect(masked(value, payment)).toEqual({ card: '••••', user: 'u', cards: [{ number: '••••', kind: 'x' }] });
  expect(masked({ card: null }, payment)).toEqual({ card: null });
  expect(masked('{"card":"4000"', payment)).toBe('••••');
  expect(masked({ cards: '4000' }, payment)).toEqual({ cards: '••••' });
});
