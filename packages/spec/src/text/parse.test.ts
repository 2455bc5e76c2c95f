import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Problem } from '../problem.ts';
import { applyEdits } from './edits.ts';
import { loginWatch } from './login-watch.ts';
import { parseDocument } from './parse.ts';

/** The problems of a text, each as its code, path, what it marks in the text, and whether its fix mends it. */
function problems(text: string): string[] {
  return parseDocument(text).problems.map((problem) => {
    const marked = text.slice(problem.text?.start, problem.text?.end);
    return `${problem.severity} ${problem.code} ${problem.path.join('.')} [${marked}]${problem.fix === undefined ? '' : ` → ${mended(text, problem)}`}`;
  });
}

const mended = (text: string, { fix, code }: Problem): string => {
  const left = parseDocument(applyEdits(text, fix?.edits ?? [])).problems;
  return left.some((problem) => problem.code === code && problem.severity === 'error') ? 'not mended' : 'mended';
};

const changed = (part: string, by: string): string => loginWatch.replace(part, by);

test('the document of the design reads without a problem, its short forms spelled out', () => {
  const { document, problems: found } = parseDocument(loginWatch);
  expect(found).toEqual([]);
  expect(document?.tables['failures-by-ip']?.window).toEqual({
    kind: 'hopping',
    sizeMs: 300_000,
    everyMs: 10_000,
    graceMs: 30_000,
  });
  expect(document?.tables['failures-by-ip']?.value['users']).toEqual({ fn: 'distinct', arg: 'value.user' });
  expect(document?.agents['alert']?.steps.map(({ id }) => id)).toEqual(['filter', 'map', 'send']);
  expect(document?.topics['logins']).toMatchObject({
    name: 'logins',
    codec: { key: 'string', value: 'json' },
    eventTime: { from: 'field', path: ['ts'] },
    isolation: 'read_committed',
    onDecodeError: 'dead-letter',
    cleanup: 'delete',
    replication: 1,
  });
  expect(document?.settings).toEqual({
    commitIntervalMs: 500,
    bufferMaxRecords: 4096,
    bufferResumeRatio: 0.4,
    idleTimeoutMs: 10_000,
    startFrom: 'earliest',
    deadLetterTopic: 'login-watch-dead-letters',
  });
});

test('steps of one operator are numbered, around the ids that are given', () => {
  const steps =
    '- filter: value.ok\n      - { id: filter-2, filter: value.ok }\n      - filter: value.ok\n      - filter: "!value.ok"';
  const { document } = parseDocument(changed('- filter: "!value.ok"', steps));
  expect(document?.agents['count-failures']?.steps.map(({ id }) => id)).toEqual([
    'filter',
    'filter-2',
    'filter-3',
    'filter-4',
    'group_by',
    'aggregate',
  ]);
});

test.each([
  [
    'unknown step',
    changed('- filter: "!value.ok"', '- filtre: "!value.ok"'),
    ['error unknown-step agents.count-failures.steps.0.filtre [filtre] → mended'],
  ],
  [
    'dangling topic',
    changed('from: logins', 'from: login'),
    ['warning unused topics.logins [logins]', 'error dangling-reference agents.count-failures.from [login] → mended'],
  ],
  [
    'dangling topic in a list',
    changed('from: logins', 'from: [logins, alrets]'),
    ['error dangling-reference agents.count-failures.from.1 [alrets] → mended'],
  ],
  [
    'dangling table',
    changed('changes: failures-by-ip', 'changes: failures-by-user'),
    ['error dangling-reference agents.alert.from.changes [failures-by-user] → mended'],
  ],
  [
    'dangling model',
    changed('value: LoginAttempt', 'value: list<LoginAtempt>')
      .replace(', eventTime: value.ts', '')
      .replace('"!value.ok"', 'true')
      .replace('value.ip', 'key')
      .replace(/users.*\)/, 'n: count()'),
    [
      'warning unused models.LoginAttempt [LoginAttempt]',
      'error dangling-reference topics.logins.value [list<LoginAtempt>] → mended',
    ],
  ],
  [
    'optional field of an unknown type',
    changed('user: string', 'user: strng?'),
    ['error dangling-reference models.LoginAttempt.user [strng?] → mended'],
  ],
  ['duplicate id', changed('  alerts:', '  logins:'), ['error duplicate-id topics.logins [logins]']],
  [
    'cycle',
    changed('to: alerts, key', 'to: logins, key'),
    [
      'warning unused topics.alerts [alerts]',
      'error cyclic-reference agents.count-failures [count-failures]',
      'error type-mismatch agents.alert.steps.2.send.to [logins]',
    ],
  ],
  [
    'models that nest each other',
    changed('    ip: string', '    self: LoginAttempt\n    ip: string'),
    ['error cyclic-reference models.LoginAttempt [LoginAttempt]'],
  ],
  [
    'bad expression',
    changed('value.attempts > 20', 'value.attemps > 20'),
    ['error bad-expression agents.alert.steps.0.filter [attemps] → mended'],
  ],
  [
    'bad expression in quotes',
    changed('!value.ok', '!valu.ok'),
    ['error bad-expression agents.count-failures.steps.0.filter [valu] → mended'],
  ],
  [
    'bad argument of an aggregate',
    changed('distinct(value.user)', 'distinct( value.usr )'),
    ['error bad-expression tables.failures-by-ip.value.users [usr] → mended'],
  ],
  [
    'a filter that is no condition',
    changed('value.attempts > 20', 'value.attempts'),
    ['error bad-expression agents.alert.steps.0.filter [value.attempts]'],
  ],
  [
    'key of another type',
    changed('key: string\n    window', 'key: boolean\n    window').replace('      - group_by: value.ip\n', ''),
    [
      'error key-mismatch agents.count-failures.steps.1.aggregate [failures-by-ip] → mended',
      'error type-mismatch agents.alert.steps.2.send.to [alerts]',
      'error type-mismatch agents.alert.steps.2.send.key [key]',
    ],
  ],
  [
    'sent without a required field',
    changed('ip: key, ', ''),
    ['error type-mismatch agents.alert.steps.2.send.to [alerts]'],
  ],
  [
    'event time of a wrong type',
    changed('eventTime: value.ts', 'eventTime: value.ip'),
    ['error type-mismatch topics.logins.eventTime [value.ip]'],
  ],
  [
    'ends in nothing',
    changed('      - send: { to: alerts, key: key }\n', ''),
    ['warning unused topics.alerts [alerts]', 'warning ends-in-nothing agents.alert [alert]'],
  ],
  [
    'keeps a field that is not there',
    changed('map: { ip: key, attempts: value.attempts }', 'keep: [atempts]'),
    [
      'error no-such-field agents.alert.steps.1.keep.0 [atempts] → mended',
      'error type-mismatch agents.alert.steps.2.send.to [alerts]',
    ],
  ],
  [
    'unknown field of a topic',
    changed('partitions: 4, key: string, value: L', 'partitons: 4, key: string, value: L'),
    ['error unknown-field topics.logins.partitons [partitons] → mended'],
  ],
  [
    'window that is not there yet',
    changed('hopping: 5m, every: 10s', 'session: 5m'),
    ['error not-supported tables.failures-by-ip.window.session [5m]'],
  ],
  [
    'bad duration',
    changed('every: 10s', 'every: soon'),
    ['error bad-duration tables.failures-by-ip.window.every [soon]'],
  ],
  [
    'an agent that reads nothing',
    changed('    from: logins\n', ''),
    ['warning unused topics.logins [logins]', 'error missing-field agents.count-failures.from [count-failures]'],
  ],
  ['bad YAML', 'app: x\ntopics: {', ['error bad-yaml  []']],
  ['an expression taken for a tag', changed('"!value.ok"', '!value.ok'), ['error bad-yaml  [!value.ok]']],
  ['empty', '', ['error bad-yaml  []']],
  ['list', '- a', ['error bad-yaml  []']],
])('%s', (_name, text, expected) => {
  expect(problems(text)).toEqual(expected);
});

test('every problem says where it is, and a message never names the code', () => {
  for (const text of [changed('!value.ok', '!vale.ok'), 'app: X Y', 'a: [', changed('logins:', 'My Logins:')]) {
    for (const problem of parseDocument(text).problems) {
      expect(problem.text?.line).toBeGreaterThan(0);
      expect(problem.message).toMatch(/^[A-Z]/);
    }
  }
});

test('a document with a bad expression is still there to be drawn', () => {
  const { document } = parseDocument(changed('!value.ok', '!!!'));
  expect(Object.keys(document?.agents ?? {})).toEqual(['count-failures', 'alert']);
});

test('alias bombs, deep nesting and long texts are refused', () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefg'.split('').map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdef'[i]}`).join()}]`),
  ].join('\n');
  expect(parseDocument(bomb).problems[0]?.message).toMatch(/alias/);
  expect(parseDocument('['.repeat(50_000)).problems[0]?.message).toBe('The document is nested too deeply');
  expect(parseDocument(`app: ${'x'.repeat(1_100_000)}`).problems[0]?.code).toBe('too-large');
});

test('no text makes it throw', () => {
  const pieces = fc.constantFrom(
    'app: x\n',
    'topics:\n',
    '  a:',
    ' {',
    '}',
    '- ',
    '[',
    'value',
    ': ',
    '"',
    "'",
    '\n',
    '&a ',
    '*a',
    '|\n',
    '!',
    '#',
    'agents:\n',
    '    steps:\n',
    'filter: ',
    '__proto__: ',
    'constructor',
    '? ',
    '<<: ',
    '\t',
    '%YAML',
  );
  fc.assert(
    fc.property(
      fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join('')),
      (text) => void parseDocument(text),
    ),
    { numRuns: 150 },
  );
  fc.assert(
    fc.property(
      fc.nat(loginWatch.length),
      fc.nat(40),
      fc.string(),
      (at, length, by) => void parseDocument(loginWatch.slice(0, at) + by + loginWatch.slice(at + length)),
    ),
    { numRuns: 60 },
  );
});

test('names that every object inherits are refused, and never found', () => {
  expect(problems('app: x\ntopics: { constructor: {} }')).toEqual([
    'error bad-id topics.constructor [constructor] → mended',
  ]);
  expect(problems('app: x\nagents: { a: { from: constructor, steps: [ { send: valueOf } ] } }')).toEqual([
    'error dangling-reference agents.a.from [constructor]',
    'error dangling-reference agents.a.steps.0.send [valueOf]',
  ]);
});
