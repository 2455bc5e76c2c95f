import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CommandError } from '../exit-code.ts';
import { takeDataFolder } from './data-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-data-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a data folder is made with all above it, for its owner alone', async () => {
  const dataDir = join(folder, 'a b', 'data');
  await (await takeDataFolder(dataDir))();
  await (await takeDataFolder(dataDir))();
  expect(statSync(join(dataDir, 'logs')).mode & 0o077).toBe(0);
  expect(statSync(dataDir).mode & 0o066).toBe(0);
});

test('one that cannot be made is said in a sentence with a way out', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const failure: unknown = await takeDataFolder(join(file, 'data')).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(CommandError);
  expect(failure).toHaveProperty(
    'message',
    expect.stringContaining(`The data folder ${join(file, 'data')} cannot be used: ENOTDIR`),
  );
});

test('of two that start in the same instant one has it, and the other is told who', async () => {
  const tries = await Promise.allSettled([takeDataFolder(folder), takeDataFolder(folder)]);
  const [held] = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const refused = tries.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  expect(refused).toEqual([expect.any(CommandError)]);
  expect(refused[0].message).toBe(`Millrace already runs on the data folder ${folder} (pid ${process.pid}).`);
  await held?.();
  await (await takeDataFolder(folder))();
});
