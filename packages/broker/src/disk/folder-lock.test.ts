import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FolderInUse, lockFolder } from './folder-lock.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a folder has one holder for a purpose; who comes later is told who holds it, until it is given back', async () => {
  const release = await lockFolder(folder, 'broker');
  await expect(lockFolder(folder, 'broker')).rejects.toThrow(
    new FolderInUse(`${folder} is held by another broker, process ${process.pid}`, process.pid),
  );
  await (await lockFolder(folder, 'up'))();
  await release();
  await (await lockFolder(folder, 'broker'))();
  expect(await readdir(folder)).toEqual([]);
});

/** A process of its own that says `held` once it has the folder, `refused` if it cannot; it holds on until it is killed. */
const contender = (at: number) => {
  const module = new URL('./folder-lock.ts', import.meta.url).href;
  const program = `const { lockFolder } = await import(${JSON.stringify(module)});
    setInterval(() => {}, 1000);
    await new Promise((go) => setTimeout(go, ${at} - Date.now()));
    await lockFolder(${JSON.stringify(folder)}, 'up').then(() => console.log('held'), () => console.log('refused'));`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { child, says: once(child.stdout, 'data').then(([text]) => String(text).trim()) };
};

test('of processes that come in the same instant never more than one holds it; one that was killed holds nothing', async () => {
  // Of a process that was killed long ago.
  await writeFile(join(folder, 'up.lock.4194304.1.0'), '');
  const contenders = Array.from({ length: 4 }, () => contender(Date.now() + 2_000));
  const said = await Promise.all(contenders.map(({ says }) => says));
  expect(said.filter((word) => word === 'held').length).toBeLessThanOrEqual(1);
  expect(said.every((word) => word === 'held' || word === 'refused')).toBe(true);
  for (const { child } of contenders) child.kill('SIGKILL');
  await Promise.all(contenders.map(({ child }) => once(child, 'close')));
  await (await lockFolder(folder, 'up'))();
});
