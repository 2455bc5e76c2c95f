import fc from 'fast-check';
import { expect, test } from 'vitest';
import { modelFromSamples } from '../samples/model-from-samples.ts';
import { nearest } from '../suggestion.ts';
import { applyEdits } from '../text/edits.ts';
import { loginWatch } from '../text/login-watch.ts';
import { parseDocument } from '../text/parse.ts';
import { renameElement } from '../text/rename.ts';
import { renderDocument } from '../text/render.ts';
import { addElement, newDocumentText } from '../text/skeleton.ts';
import { formatDuration, parseDuration } from './duration.ts';

test.each([
  ['500ms', 500],
  ['10s', 10_000],
  ['5m', 300_000],
  ['1h', 3_600_000],
  ['7d', 604_800_000],
  ['1h 30m', 5_400_000],
  ['1.5h', 5_400_000],
  ['250', 250],
  ['', null],
  ['5 minutes', null],
  ['-1s', null],
  ['5mm', null],
])('the duration %s', (text, ms) => expect(parseDuration(text)).toBe(ms));

test('a duration reads as what was formatted', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 10 ** 12 }), (ms) => parseDuration(formatDuration(ms)) === ms));
});

test('the forms of fields and types', () => {
  const { document, problems } = parseDocument(`app: x
models:
  M:
    plain: string
    maybe: long?
    long: { type: double, default: 1.5, min: 0, max: 9, alias: Long, sensitive: true, label: A number }
    choice: { enum: [a, b], optional: true }
    either: { union: [string, long] }
    nested: { street: string, city: string? }
    tags: list<string>
    fields: string
  Long: { label: The long form, fields: { label: string } }
`);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  const string = { kind: 'string' };
  expect(document?.models['M']?.fields).toEqual({
    plain: { type: string, optional: false, sensitive: false },
    maybe: { type: { kind: 'long' }, optional: true, sensitive: false },
    long: {
      type: { kind: 'double' },
      optional: false,
      default: 1.5,
      min: 0,
      max: 9,
      alias: 'Long',
      sensitive: true,
      label: 'A number',
    },
    choice: { type: { kind: 'enum', values: ['a', 'b'] }, optional: true, sensitive: false },
    either: { type: { kind: 'union', of: [string, { kind: 'long' }] }, optional: false, sensitive: false },
    nested: {
      type: {
        kind: 'record',
        fields: {
          street: { type: string, optional: false, sensitive: false },
          city: { type: string, optional: true, sensitive: false },
        },
      },
      optional: false,
      sensitive: false,
    },
    tags: { type: { kind: 'list', items: string }, optional: false, sensitive: false },
    fields: { type: string, optional: false, sensitive: false },
  });
  expect(document?.models['Long']).toEqual({
    label: 'The long form',
    fields: { label: { type: string, optional: false, sensitive: false } },
  });
});

test('a document written anew means what it meant', () => {
  const before = parseDocument(loginWatch);
  const after = parseDocument(renderDocument(before.authored));
  expect(after.document).toEqual(before.document);
});

test('an app is made element by element, each new one without an error', () => {
  let text = newDocumentText('shop');
  for (const [kind, id] of [
    ['model', 'Order'],
    ['topic', 'orders'],
    ['table', 'totals'],
    ['agent', 'sum'],
  ] as const) {
    text = applyEdits(text, addElement(kind, id, parseDocument(text).document, { x: 1, y: 2 }));
    expect(parseDocument(text).problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  }
  expect(parseDocument(text).document?.layout['table:totals']).toEqual({ x: 1, y: 2 });
});

test.each([
  ['topic', 'logins', 'attempts', 2],
  ['topic', 'alerts', 'alarms', 2],
  ['table', 'failures-by-ip', 'failures', 3],
  ['agent', 'alert', 'warn', 1],
  ['model', 'LoginAttempt', 'Login', 2],
] as const)('renaming the %s %s keeps the document whole', (kind, id, newId, lines) => {
  const renamed = applyEdits(loginWatch, renameElement(loginWatch, kind, id, newId));
  expect(parseDocument(renamed).problems).toEqual([]);
  expect(renamed.split('\n').filter((line) => !loginWatch.split('\n').includes(line))).toHaveLength(lines);
});

test('a model from samples: widened, optional where lacking, sure in the measure of what was seen', () => {
  const records = [
    {
      id: '6f1c1f0e-9f0b-4c8e-9b57-3b1a2f0d9c11',
      n: 1,
      ratio: 1,
      at: '2026-11-22T10:00:00Z',
      ts: 1_763_800_000_000,
      day: '2026-11-22',
      tags: ['a'],
      geo: { lat: 1.5, city: 'X' },
    },
    {
      id: '6f1c1f0e-9f0b-4c8e-9b57-3b1a2f0d9c12',
      n: 2,
      ratio: 0.5,
      at: '2026-11-22T10:00:01Z',
      ts: 1_763_800_000_001,
      day: '2026-11-23',
      tags: [],
      geo: { lat: 2, city: null },
      extra: true,
    },
  ];
  const { fields, confidence } = modelFromSamples([...records, 'not a record'], 'Event');
  expect(fields).toEqual({
    id: 'uuid',
    n: 'long',
    ratio: 'double',
    at: 'timestamp(iso)',
    ts: 'timestamp',
    day: 'date',
    tags: 'list<string>',
    geo: { lat: 'double', city: 'string?' },
    extra: 'boolean?',
  });
  expect(confidence['extra']).toBeLessThan(confidence['n'] ?? 0);
  expect(
    parseDocument(renderDocument({ app: 'x', models: { Event: fields } })).problems.filter(
      ({ severity }) => severity === 'error',
    ),
  ).toEqual([]);
});

test.each([
  ['filtr', 'filter'],
  ['partitons', 'partitions'],
  ['LoginAtempt', 'LoginAttempt'],
  ['x', undefined],
  ['agregate', 'aggregate'],
])('%s was meant as %s', (written, meant) => {
  expect(nearest(written, ['filter', 'partitions', 'LoginAttempt', 'aggregate', 'map'])).toBe(meant);
});
