import { expect, test } from 'vitest';
import { applyEdits } from './edits.ts';
import { parseDocument } from './parse.ts';
import { renameElement } from './rename.ts';

const model = (fields: string): string => `app: x\nmodels:\n  M: { ${fields} }\n`;
const fieldsOf = (text: string) => parseDocument(text).document?.models['M']?.fields ?? {};
const said = (text: string) => parseDocument(text).problems.map(({ message, hint }) => `${message}. ${hint ?? ''}`);

test('the values of an enum are what is written', () => {
  const written = [
    '007',
    '1.0',
    'no',
    '12:30',
    'true',
    'False',
    '1e3',
    '0x1F',
    '~',
    'null',
    '2026-01-01',
    '-0',
    '.inf',
  ];
  expect(fieldsOf(model(`s: { enum: [${written.join(', ')}] }`))['s']?.type).toEqual({ kind: 'enum', values: written });
  const block = `app: x\nmodels:\n  M:\n    s:\n      enum:\n${written.map((value) => `        - ${value}\n`).join('')}`;
  expect(fieldsOf(block)['s']?.type).toEqual({ kind: 'enum', values: written });
});

test('keys are what is written, and stay so through an edit', () => {
  const text = model('no: string, 007: string, 1.0: int, True: string, ~: string, 1e3: int, 0x1F: int, 12:30: int');
  const names = ['no', '007', '1.0', 'True', '~', '1e3', '0x1F', '12:30'];
  expect(Object.keys(fieldsOf(text))).toEqual(names);
  const edited = applyEdits(text, [{ path: ['models', 'M', '007'], value: 'long' }]);
  expect(edited).toBe(text.replace('007: string', '007: long'));
  const renamed = applyEdits(text, [{ path: ['models', 'M', '1.0'], rename: '1.00' }]);
  expect(Object.keys(fieldsOf(renamed))).toEqual(names.map((name) => (name === '1.0' ? '1.00' : name)));
});

test('keys that differ in writing are two, one in quotes and one without are the same', () => {
  expect(Object.keys(fieldsOf(model('1: string, 1.0: string')))).toEqual(['1', '1.0']);
  expect(said(model('1: string, "1": string'))).toEqual([
    'Line 3: 1 is there twice in models. Rename one of the two, or take it out.',
  ]);
});

test('a number or a word of YAML where text is due is refused, and the remedy keeps what is written', () => {
  const cases: readonly (readonly [text: string, hint: string])[] = [
    ['app: 007\n', 'Put it in quotes: "007".'],
    ['app: x\nlabel: 1.0\n', 'Put it in quotes: "1.0".'],
    ['app: x\ntopics: { t: { name: 2024.10 } }\n', 'Put it in quotes: "2024.10".'],
    [model('s: { type: string, default: 1e3 }'), 'Put it in quotes: "1e3".'],
    [model('s: { enum: [007], default: 007 }'), 'Put it in quotes: "007".'],
    [model('s: { type: string, alias: True }'), 'Put it in quotes: "True".'],
  ];
  for (const [text, hint] of cases) {
    const problem = parseDocument(text).problems.find(({ severity }) => severity === 'error');
    expect(problem?.hint).toBe(hint);
    const mended = applyEdits(text, problem?.fix?.edits ?? []);
    expect(mended).toContain(hint.slice('Put it in quotes: '.length, -1));
    expect(parseDocument(mended).problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  }
});

test('a document of another YAML is refused, by the reader and by every edit', () => {
  const text = `%YAML 1.1\n---\n${model('no: string')}`;
  expect(said(text)).toEqual([
    'The document says that it is YAML 1.1; documents are YAML 1.2. Take out the line %YAML, and put texts like no, on and 12:30 in quotes if others read this file.',
  ]);
  expect(() => applyEdits(text, [{ path: ['app'], value: 'y' }])).toThrow('The text is YAML 1.1');
  expect(parseDocument(`%YAML 3.0\n---\n${model('a: string')}`).problems[0]?.hint).toBe(
    'A document is YAML 1.2: take out the line that starts with %.',
  );
  expect(parseDocument(`%YAML 1.2\n---\n${model('a: string')}`).document).not.toBeNull();
});

test('an element whose name looks like a number is renamed wherever it is written', () => {
  const text = 'app: x\ntopics:\n  007: {}\nagents:\n  a: { from: "007" }\n';
  expect(applyEdits(text, renameElement(text, 'topic', '007', 'bond'))).toBe(
    'app: x\ntopics:\n  bond: {}\nagents:\n  a: { from: "bond" }\n',
  );
});

test('a number that YAML would round is its text, as if it stood in quotes', () => {
  const { document, problems } = parseDocument(
    [
      'app: exact',
      'models: { Sale: { id: { type: long, min: 9007199254740993, default: 9007199254740993 }, n: { type: double, max: 1.5 } } }',
      'topics: { sales: { value: Sale } }',
      'agents: { a: { from: sales, steps: [ { set: { id: 9007199254740993 } } ] } }',
    ].join('\n'),
  );
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(document?.models['Sale']?.fields).toMatchObject({
    id: { min: '9007199254740993', default: '9007199254740993' },
    n: { max: 1.5 },
  });
  expect(document?.agents['a']?.steps).toMatchObject([{ fields: { id: '9007199254740993' } }]);
});

test('what a field cannot hold is refused as its default, its min and its max', () => {
  const { problems } = parseDocument(
    [
      'app: exact',
      'models: { Sale: { id: { type: long, default: 9223372036854775808 }, n: { type: long, min: "x" }, d: { type: decimal, default: 1e400 } } }',
      'topics: { sales: { value: Sale } }',
      'agents: { a: { from: sales, steps: [] } }',
    ].join('\n'),
  );
  expect(problems.map(({ message }) => message).filter((message) => message.startsWith('Model'))).toEqual([
    'Model Sale: the default of id must be long, not "9223372036854775808"',
    'Model Sale: the min of n must be a number, not "x"',
    'Model Sale: the default of d must be decimal, not "1e400"',
  ]);
});
