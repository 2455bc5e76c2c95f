import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { LogFile } from './log-file.ts';

test('[X3] a log that cannot be written loses lines, says so once, and goes on with their count when it can', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-log-'));
  const path = join(folder, 'broker.log');
  const said: string[] = [];
  const log = new LogFile(path, (line) => said.push(line));
  mkdirSync(path); // Stands for a disk that takes nothing: the file cannot be opened.
  log.write('one');
  await vi.waitFor(() => expect(said).toHaveLength(1));
  log.write('two');
  expect(said[0]).toContain(`${path} cannot be written`);
  rmSync(path, { recursive: true });
  vi.useFakeTimers({ now: Date.now() + 60_000, toFake: ['Date'] });
  log.write('three');
  log.close();
  vi.useRealTimers();
  await vi.waitFor(() => expect(readFileSync(path, 'utf8')).toMatch(/\(2 lines are missing here.*\n.* three\n$/));
  expect(said).toHaveLength(1);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  rmSync(folder, { recursive: true });
});
