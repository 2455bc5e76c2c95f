import { expect, test } from 'vitest';
import { formatType, parseType } from '../document/type-text.ts';
import { loginWatch } from '../text/login-watch.ts';
import { parseDocument } from '../text/parse.ts';
import { misfits } from './assignable.ts';
import { inferTypes } from './infer.ts';

function types(text: string): Record<string, string> {
  const { document } = parseDocument(text);
  if (document === null) throw new Error('the document does not fit the schema');
  return Object.fromEntries(
    [...inferTypes(document)].map(([id, { out }]) => [
      id,
      out === undefined ? '' : `${formatType(out.key)} → ${formatType(out.value)}`,
    ]),
  );
}

const change = '{ attempts: long, users: long, last: string }';

test('types flow from topic to agent, table, and on from its changes', () => {
  expect(types(loginWatch)).toMatchObject({
    'topic:logins': 'string → LoginAttempt',
    'agent:count-failures/filter': 'string → LoginAttempt',
    'table:failures-by-ip': `string → ${change}`,
    'agent:alert/filter': `string → ${change}`,
    'agent:alert/map': 'string → { ip: string, attempts: long }',
    'agent:alert': 'string → { ip: string, attempts: long }',
  });
});

test('a step that fails hands its input type on', () => {
  expect(types(loginWatch.replace('group_by: value.ip', 'group_by: value.pi'))['agent:count-failures/group_by']).toBe(
    'string → LoginAttempt',
  );
});

test('a table that nothing feeds has the types that follow from its functions', () => {
  expect(types('app: x\ntables: { t: { value: { n: count(), l: last(value.a) } } }')['table:t']).toBe(
    'string → { n: long, l: unknown }',
  );
});

test.each([
  ['- set: { day: "date(value.ts)" }', 'ip, user, ok, ts, country, day'],
  ['- map: { "...": value, day: "date(value.ts)" }', 'ip, user, ok, ts, country, day'],
  ['- keep: [ip, user]', 'ip, user'],
  ['- drop: [ok, country]', 'ip, user, ts'],
  ['- rename: { ip: address }', 'address, user, ok, ts, country'],
])('%s', (step, names) => {
  const { document } = parseDocument(loginWatch.replace('- filter: "!value.ok"', step));
  const out =
    document === null
      ? undefined
      : inferTypes(document).get(`agent:count-failures/${/\w+/.exec(step)?.[0] ?? ''}`)?.out;
  expect(out?.value.kind === 'record' && Object.keys(out.value.fields).join(', ')).toBe(names);
});

const type = (text: string) => {
  const parsed = parseType(text);
  if ('message' in parsed) throw new Error(parsed.message);
  return parsed.type;
};

test.each([
  ['int', 'long', true],
  ['long', 'int', false],
  ['long', 'double', true],
  ['double', 'long', false],
  ['timestamp', 'long', true],
  ['string', 'long', false],
  ["'a'", "'a' | 'b'", true],
  ["'a' | 'c'", "'a' | 'b'", false],
  ["'a'", 'string', true],
  ['string', "'a'", false],
  ['uuid', 'string', true],
  ['list<int>', 'list<long>', true],
  ['list<string>', 'list<long>', false],
  ['string', 'string | long', true],
  ['string | long', 'string', false],
  ['map<int>', 'map<double>', true],
])('%s goes into %s: %s', (from, to, fits) => {
  expect(misfits(type(from), type(to), {}).length === 0).toBe(fits);
});

test.each(['string', 'list<map<long>>', "'a' | 'b'", 'string | long', 'Order', 'list<Order>'])(
  'the text of a type reads as that type: %s',
  (text) => {
    expect(formatType(type(text))).toBe(text);
  },
);
