import { expect, test } from 'vitest';
import { maxDocumentLength, parseDocument } from './parse.ts';

/** No test takes a clock's word; each of these texts took minutes, so that a test of them that ends has shown it. */
const many = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('');
const said = (text: string): string[] => parseDocument(text).problems.map(({ code, message }) => `${code}: ${message}`);

const twoTopics =
  'app: x\ntopics:\n  t: { key: string, value: { a: long } }\n  u: { key: string, value: { a: long } }\n';

test('60 000 aliases, of one anchor or of as many, are refused soon, in words', () => {
  expect(said(`a: &a 1\nb: [${many(60_000, () => '*a,')}]\n`)).toEqual([
    'too-large: Line 2: A list or a mapping has at most 2000 entries; here are 60000',
  ]);
  const spread = many(45, (i) => `l${i}: [${many(1_000, (j) => `&n${i}x${j} 1, *n${i}x${j},`)}]\n`);
  expect(said(spread)).toEqual([
    'too-large: The document has more words and marks than are read; split it into several apps',
  ]);
});

test('an alias counts as what it stands for', () => {
  const doubled = `a0: &a0 [${'1,'.repeat(100)}]\n${many(20, (i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]\n`)}`;
  expect(said(doubled)[0]).toMatch(/^too-large: Line \d+: The document has more than 100000 values, aliases counted/);
  expect(
    parseDocument('app: x\ntopics:\n  a: &t { key: string, value: { n: long } }\n  b: *t\n').document?.topics['b']?.key,
  ).toEqual({
    kind: 'string',
  });
});

test('an alias of nothing, or of what it stands in, is said with its place', () => {
  expect(said('app: x\ntopics: *nowhere\n')).toEqual([
    'bad-yaml: Line 2: *nowhere stands for &nowhere, which is nowhere before it',
  ]);
  expect(said('app: x\ntopics: &t { a: *t }\n')).toEqual(['bad-yaml: Line 2: *t stands inside what it stands for']);
});

test('a number and a text that are one name are one key, and so there twice', () => {
  expect(said('app: x\ntopics:\n  1: {}\n  "1": {}\n')).toEqual(['duplicate-id: Line 4: 1 is there twice in topics']);
});

test.each([
  ['names of one mapping', many(60_000, (i) => `k${i}: 1\n`)],
  ['words and marks', `app: x\n${many(100_000, () => '? a\n')}`],
  ['empty lines', `app: x\n${'\n'.repeat(1_000_000)}`],
  ['nesting', `a: ${'['.repeat(300_000)}`],
])('too many %s are refused soon', (_, text) => {
  expect(text.length).toBeLessThan(maxDocumentLength);
  expect(parseDocument(text)).toMatchObject({ document: null, problems: [{ severity: 'error' }] });
});

test('of many problems the first 200 are told, errors before warnings, and the others counted', () => {
  const agents = many(
    1_990,
    (i) => `  a${i}:\n    from: t\n    steps:\n      - filter: value.b > 3\n      - send: t${i}\n`,
  );
  const { problems } = parseDocument(`${twoTopics}agents:\n${agents}`);
  expect(problems).toHaveLength(201);
  expect(problems.at(-1)).toMatchObject({ code: 'more-problems', severity: 'error' });
  const unused = parseDocument(`app: x\ntopics:\n${many(300, (i) => `  t${i}: { key: string, value: string }\n`)}`);
  expect(unused.problems.at(-1)).toMatchObject({ severity: 'warning', message: 'The document has 100 more problems' });
});

test('what many steps, agents or tables make of many fields is worked out within bounds', () => {
  const fields = many(1_990, (i) => `    f${i}: string\n`);
  const wide = `app: x\nmodels:\n  M:\n${fields}topics:\n  t: { key: string, value: M }\nagents:\n`;
  const steps = many(
    10,
    (k) => `  a${k}:\n    from: t\n    steps:\n${many(1_500, (i) => `      - set: { g${i}: value.f${i} }\n`)}`,
  );
  expect(said(wide + steps)).toContainEqual(
    expect.stringMatching(/^too-large: Agent a0, step \d+ \(set\): too many steps/),
  );
  const sums = many(1_990, (i) => `a${i}: sum(value.x${i}),`);
  const feeders = many(1_500, (i) => `  a${i}:\n    from: t\n    steps:\n      - aggregate: b\n`);
  expect(said(`${twoTopics}tables:\n  b: { key: string, value: {${sums}} }\nagents:\n${feeders}`)).toHaveLength(201);
});

test('a chain of 1 900 tables is a document like any other', () => {
  const tables = many(1_901, (i) => `  b${i}: { key: string, value: { a: count() } }\n`);
  const agents = many(
    1_900,
    (i) => `  a${i}:\n    from: ${i === 0 ? 't' : `{ changes: b${i - 1} }`}\n    steps:\n      - aggregate: b${i}\n`,
  );
  expect(said(`${twoTopics}tables:\n${tables}agents:\n${agents}`)).toEqual([
    'unused: Nothing reads the topic u or sends to it',
    'unused: Nothing aggregates into the table b1900',
  ]);
});

test('many wrong names among many near ones are told soon, each with what was meant', () => {
  const name = (i: number, end: string): string => `field${String(i).padStart(3, '0')}abcdefghijklmnopqr${end}`;
  const fields = many(499, (i) => `    ${name(i, 'st')}: string\n`);
  const head = `app: x\nmodels:\n  M:\n${fields}topics:\n  t: { key: string, value: M }\nagents:\n`;
  const drops = many(
    20,
    (k) => `  a${k}:\n    from: t\n    steps:\n      - drop: [${many(1_500, (i) => `${name(i, 'zz')},`)}]\n`,
  );
  const { problems } = parseDocument(head + drops);
  expect(problems).toHaveLength(201);
  expect(problems[0]).toMatchObject({ code: 'no-such-field', hint: `Did you mean ${name(0, 'st')}?` });
  const long = (i: number): string => `${'a'.repeat(190)}${i}`;
  const filters = many(900, (i) => `      - filter: value.${'b'.repeat(60)}${'a'.repeat(130)}${i} == 'a'\n`);
  expect(
    said(
      `app: x\ntopics:\n  t: { key: string, value: {${many(499, (i) => `${long(i)}: string,`)}} }\nagents:\n  a:\n    from: t\n    steps:\n${filters}`,
    ),
  ).toHaveLength(201);
});

test('1 900 agents that send a union of 1 000 models to another of the same are compared once', () => {
  const models = many(1_000, (i) => `  M${i}: { a${i}: string }\n`);
  const union = (member: (i: number) => number): string =>
    Array.from({ length: 1_000 }, (_, i) => `M${member(i)}`).join(' | ');
  const topics = `  t: { key: string, value: { a: ${union((i) => i)} } }\n  u: { key: string, value: { a: ${union((i) => 999 - i)} } }\n`;
  const agents = many(1_900, (i) => `  a${i}: { from: t, steps: [send: u] }\n`);
  expect(said(`app: x\nmodels:\n${models}topics:\n${topics}agents:\n${agents}`)).toEqual([]);
});
