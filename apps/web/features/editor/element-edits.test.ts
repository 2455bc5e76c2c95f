import { applyEdits, type Edit, parseDocument } from '@millrace/spec';
import { expect, test } from 'vitest';
import { addElement, countBy, removeElement } from './element-edits.ts';

const text = `app: a
models: { Login: { ip: string, user: string? } }
topics:
  logins: { value: Login }
  others: { value: Login }
tables:
  failures: { value: { n: count() } }
agents:
  count:
    from: [logins, others]
    steps:
      - group_by: value.ip
      - aggregate: failures
`;
const read = (source: string) => {
  const { document, problems } = parseDocument(source);
  if (!document) throw new Error(problems[0]?.message);
  return { document, problems };
};
const { document } = read(text);
const after = (edits: readonly Edit[]) => read(applyEdits(text, edits));

test('every kind of new element is valid from the start', () => {
  for (const kind of ['model', 'topic', 'table', 'agent'] as const) {
    expect(
      after(addElement(document, kind, kind === 'agent' ? 'topic:logins' : null).edits).problems.filter(
        (problem) => problem.severity === 'error',
      ),
    ).toEqual([]);
  }
});

test('a count per key comes wired, and without a problem', () => {
  const { document: made, problems } = after(countBy(document, 'logins', 'ip').edits);
  expect(problems.filter((problem) => problem.severity === 'error')).toEqual([]);
  expect(made.agents['count-logins-by-ip']?.steps.map((step) => step.op)).toEqual(['group_by', 'aggregate']);
});

test('deleting a table deletes the steps that fill it', () => {
  const { document: rest } = after(removeElement(document, 'table:failures'));
  expect(rest.agents['count']?.steps.map((step) => step.op)).toEqual(['group_by']);
});
