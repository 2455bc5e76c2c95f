import { parseDocument } from '@millrace/spec';
import { expect, test } from 'vitest';
import { deployedChanges } from './deployed-changes.ts';

const read = (text: string) => {
  const { document } = parseDocument(text);
  if (!document) throw new Error('the test’s document does not parse');
  return document;
};

test('an app that was never deployed is new throughout', () => {
  expect([...deployedChanges(read('app: a\ntopics: { t: {} }\n'), null)]).toEqual([['topic:t', 'created']]);
});

test('a change of layout or of the order of keys is no change', () => {
  const before = read('app: a\ntopics: { t: { partitions: 2, key: string } }\n');
  expect(
    deployedChanges(
      read('app: a\ntopics: { t: { key: string, partitions: 2 } }\nlayout: { "topic:t": { x: 1, y: 2 } }\n'),
      before,
    ).size,
  ).toBe(0);
});

test('what was changed, added and taken out is told by element', () => {
  const before = read('app: a\ntopics: { t: { partitions: 2 }, old: {} }\n');
  const changes = deployedChanges(
    read('app: a\ntopics: { t: { partitions: 3 }, fresh: {} }\nsettings: { commit: 1s }\n'),
    before,
  );
  expect(Object.fromEntries(changes)).toEqual({
    'topic:t': 'changed',
    'topic:fresh': 'created',
    'topic:old': 'dropped',
    settings: 'changed',
  });
});
