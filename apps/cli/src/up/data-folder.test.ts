import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CommandError } from '../exit-code.ts';
import { makeDataFolder } from './data-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-data-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a data folder is made with all above it, for its owner alone', () => {
  const dataDir = join(folder, 'a b', 'data');
  makeDataFolder(dataDir);
  makeDataFolder(dataDir);
  expect(statSync(join(dataDir, 'logs')).mode & 0o077).toBe(0);
  expect(statSync(dataDir).mode & 0o066).toBe(0);
});

test('one that cannot be made is said in a sentence with a way out', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const make = () => makeDataFolder(join(file, 'data'));
  expect(make).toThrow(CommandError);
  expect(make).toThrow(`The data folder ${join(file, 'data')} cannot be used: ENOTDIR`);
});
