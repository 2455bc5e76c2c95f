import { expect, test } from 'vitest';
import { emptyHistory, record, redo, undo } from './history.ts';

test('edits of one field in quick succession are undone in one step', () => {
  const once = record(emptyHistory, 'a', 'topic:x', 0);
  const twice = record(once, 'ab', 'topic:x', 500);
  expect(undo(twice, 'abc')?.text).toBe('a');
});

test('a pause, or another field, starts a new step', () => {
  const once = record(emptyHistory, 'a', 'topic:x', 0);
  expect(undo(record(once, 'ab', 'topic:x', 2500), 'abc')?.text).toBe('ab');
  expect(undo(record(once, 'ab', 'topic:y', 100), 'abc')?.text).toBe('ab');
});

test('redo brings back what undo took, until something new is written', () => {
  const undone = undo(record(emptyHistory, 'a', null, 0), 'b');
  expect(undone && redo(undone.history, undone.text)?.text).toBe('b');
  expect(undone && redo(record(undone.history, 'a', null, 0), 'c')).toBeNull();
});
