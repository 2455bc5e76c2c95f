import { accessSync, chmodSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FolderInUse, lockFolder } from '@millrace/broker/folder-lock';
import { CommandError, exitCode } from '../exit-code.ts';
import { readRunFile } from './run-file.ts';

/**
 * Makes the data folder and what every process needs in it, for its owner alone, and takes it for this process; the answer gives it back. As root, Postgres runs
 * as another user, who must be able to pass through. Throws a `CommandError` where it cannot be made or written to, or where Millrace runs on it already.
 */
export async function takeDataFolder(dataDir: string): Promise<() => Promise<void>> {
  try {
    // Asked first: of a read-only disk, making a folder says only that there is none.
    accessSync(nearestAbove(dataDir), constants.W_OK);
    mkdirSync(join(dataDir, 'logs'), { recursive: true });
    chmodSync(dataDir, process.getuid?.() === 0 ? 0o711 : 0o700);
    chmodSync(join(dataDir, 'logs'), 0o700);
    accessSync(join(dataDir, 'logs'), constants.W_OK);
    return await lockFolder(dataDir, 'up');
  } catch (error) {
    if (error instanceof FolderInUse) throw inUse(dataDir, error.pid);
    throw new CommandError(
      exitCode.failure,
      `The data folder ${dataDir} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
      'Name a folder that you may write to with --data, or in MILLRACE_DATA.',
    );
  }
}

function inUse(dataDir: string, pid: number): CommandError {
  const run = readRunFile(dataDir);
  const where = run?.pid === pid ? `, at ${run.url}` : '';
  return new CommandError(
    exitCode.failure,
    `Millrace already runs on the data folder ${dataDir}${where} (pid ${pid}).`,
    'Stop it first, or choose another folder with --data.',
  );
}

/** The folder itself, or the nearest above it that is there. */
function nearestAbove(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestAbove(dirname(path));
}
