import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Edit } from '../problem.ts';
import { EditError, editedData, isSame } from './data-edits.ts';
import { applyEdits } from './edits.ts';
import { renderDocument } from './render.ts';

const text = `# Logins, watched.
app: login-watch   # the group's name too

models:
  LoginAttempt:
    ip: string     # an address
    user:   string
topics:
  # what comes in
  logins: { partitions: 4,  key: string, value: LoginAttempt }   # from the gateway

  # what goes out
  alerts:
    partitions: 4
    value: { ip: string }
agents:
  alert:
    from: logins
    steps:
      # only failures
      - filter: "!value.ok"   # not ok

      - set:
          ip: 'value.ip'
      - send: alerts
`;

const edited = (...edits: Edit[]): string => applyEdits(text, edits);
const lines = (changed: string): string[] => changed.split('\n').filter((line) => !text.split('\n').includes(line));
const lost = (changed: string): string[] => text.split('\n').filter((line) => !changed.split('\n').includes(line));

test('a scalar is changed in its place, and keeps its quotes', () => {
  const changed = edited({ path: ['agents', 'alert', 'steps', 0, 'filter'], value: 'value.ok' });
  expect(changed).toBe(text.replace('"!value.ok"', '"value.ok"'));
});

test('a key is renamed in its place', () => {
  expect(edited({ path: ['topics', 'logins'], rename: 'log-ins' })).toBe(text.replace('  logins:', '  log-ins:'));
});

test('a new entry goes to the end of its mapping, with the indentation of the others', () => {
  expect(edited({ path: ['models', 'LoginAttempt', 'ok'], value: 'boolean' })).toBe(
    text.replace('user:   string\n', 'user:   string\n    ok: boolean\n'),
  );
  expect(edited({ path: ['topics', 'logins', 'label'], value: 'x' })).toBe(
    text.replace('value: LoginAttempt }', 'value: LoginAttempt, label: x }'),
  );
});

test('a step is inserted before the comment of the one it goes before, and appended after the last', () => {
  const steps = ['agents', 'alert', 'steps'];
  expect(edited({ path: [...steps, 0], insert: true, value: { filter: 'value.ip' } })).toBe(
    text.replace('      # only', '      - filter: value.ip\n      # only'),
  );
  expect(edited({ path: [...steps, 3], value: { send: { to: 'alerts', key: 'key' } } })).toBe(
    `${text}      - send: { to: alerts, key: key }\n`,
  );
});

test('what is deleted takes the comments above it and in its line along, nothing else', () => {
  expect(edited({ path: ['topics', 'logins'] })).toBe(text.replace(/ {2}# what comes in\n.*gateway\n/, ''));
  expect(edited({ path: ['agents', 'alert', 'steps', 1] })).toBe(text.replace(/ {6}- set:\n.*\n/, ''));
});

test('a new section stands where sections of its kind stand', () => {
  const changed = edited({ path: ['tables', 'by-ip'], value: { key: 'string', value: { n: 'count()' } } });
  expect(changed).toBe(
    text.replace('agents:', 'tables:\n  by-ip:\n    key: string\n    value: { n: count() }\nagents:'),
  );
});

test('setting a mapping over another changes the entries that differ, and no other line', () => {
  const changed = edited({ path: ['topics', 'alerts'], value: { partitions: 8, value: { ip: 'string' } } });
  expect(changed).toBe(text.replace('    partitions: 4', '    partitions: 8'));
});

test('a short form is spelled out when an edit needs the long one', () => {
  expect(lines(edited({ path: ['agents', 'alert', 'steps', 2, 'send', 'key'], value: 'key' }))).toEqual([
    '      - send: { to: alerts, key: key }',
  ]);
  expect(lines(edited({ path: ['models', 'LoginAttempt', 'fields', 'ip', 'optional'], value: true }))).toEqual([
    '    ip: { type: string, optional: true }     # an address',
  ]);
});

test('an edit that makes no sense throws, naming the place', () => {
  expect(() => edited({ path: ['topics', 'nothing'], rename: 'x' })).toThrow(EditError);
  expect(() => edited({ path: ['agents', 'alert', 'steps', 9], value: {} })).toThrow(
    'agents.alert.steps.9: a list of 3 has no place 9',
  );
  expect(() => edited({ path: ['topics', 'logins'], rename: 'alerts' })).toThrow('alerts is taken already');
});

const name = fc.stringMatching(/^[a-z]{1,4}$/);
const scalar = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(name, tie('tree'), { maxKeys: 4 }),
  ),
}));
const documentTree = fc.dictionary(
  fc.constantFrom('app', 'models', 'topics', 'agents', 'x', 'y', 'true', '0', 'a b: c'),
  tree,
  { minKeys: 1 },
);

test('what is rendered reads as what it was made of', () => {
  fc.assert(fc.property(documentTree, (data) => isSame(parse(renderDocument(data)), normal(data))));
});

/** YAML knows one zero. */
const normal = (data: unknown): unknown => JSON.parse(JSON.stringify(data));

test('an edited text says what the edited data says, and keeps the lines it does not touch', () => {
  const paths = fc.constantFrom<(string | number)[]>(
    ['app'],
    ['label'],
    ['models', 'LoginAttempt', 'ip'],
    ['models', 'LoginAttempt'],
    ['models', 'M', 'f'],
    ['topics', 'logins', 'partitions'],
    ['topics', 'alerts', 'value', 'ip'],
    ['topics', 'alerts', 'value', 'n'],
    ['topics', 'logins'],
    ['agents', 'alert', 'steps', 0],
    ['agents', 'alert', 'steps', 1],
    ['agents', 'alert', 'steps', 3],
    ['agents', 'alert', 'steps', 1, 'set', 'ip'],
    ['agents', 'alert', 'from'],
    ['layout', 'topic:logins', 'x'],
  );
  fc.assert(
    fc.property(paths, fc.option(tree, { nil: undefined }), fc.boolean(), (path, drawn, insert) => {
      const value = drawn === undefined ? undefined : normal(drawn);
      const edit: Edit = {
        path,
        ...(value === undefined ? {} : { value }),
        ...(insert && path.at(-2) === 'steps' && value !== undefined ? { insert: true } : {}),
      };
      const changed = applyEdits(text, [edit]);
      expect(isSame(parse(changed), editedData(parse(text), path, edit))).toBe(true);
      if (value === undefined || (path.length > 2 && typeof value !== 'object'))
        expect(lost(changed).length).toBeLessThan(8);
      expect(changed.startsWith('# Logins, watched.\n')).toBe(true);
    }),
    { numRuns: 100 },
  );
});
