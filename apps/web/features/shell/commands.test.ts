import { expect, test } from 'vitest';
import { type Command, commandFor } from './commands.ts';

const command = (id: string, keys: string, whileTyping = false): Command => ({
  id,
  title: id,
  group: 'Dashboard',
  keys,
  whileTyping,
  run: () => undefined,
});
const press = (key: string, more: Partial<{ mod: boolean; shift: boolean; typing: boolean }> = {}) => ({
  key,
  mod: false,
  shift: false,
  typing: false,
  ...more,
});
const commands = [
  command('palette', 'mod+k', true),
  command('new', 'n'),
  command('undo', 'mod+z'),
  command('redo', 'shift+mod+z'),
  command('sheet', '?'),
  command('page-new', 'n'),
];

test('a page’s command comes before the shell’s with the same key', () => {
  expect(commandFor(commands, press('n'))?.id).toBe('page-new');
});

test('while typing only commands that say so are taken', () => {
  expect(commandFor(commands, press('n', { typing: true }))).toBeUndefined();
  expect(commandFor(commands, press('k', { mod: true, typing: true }))?.id).toBe('palette');
});

test('Shift tells redo from undo, and does not matter for a character that needs it', () => {
  expect(commandFor(commands, press('z', { mod: true }))?.id).toBe('undo');
  expect(commandFor(commands, press('Z', { mod: true, shift: true }))?.id).toBe('redo');
  expect(commandFor(commands, press('?', { shift: true }))?.id).toBe('sheet');
});

test('a plain key with the modifier held is the browser’s', () => {
  expect(commandFor(commands, press('n', { mod: true }))).toBeUndefined();
});
