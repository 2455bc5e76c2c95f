import { accessSync, chmodSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError, exitCode } from '../exit-code.ts';

/**
 * Makes the data folder and what every process needs in it, for its owner alone. As root, Postgres runs as another user, who must be able to
 * pass through. Throws a `CommandError` where it cannot be made or written to.
 */
export function makeDataFolder(dataDir: string): void {
  try {
    mkdirSync(join(dataDir, 'logs'), { recursive: true });
    chmodSync(dataDir, process.getuid?.() === 0 ? 0o711 : 0o700);
    chmodSync(join(dataDir, 'logs'), 0o700);
    accessSync(join(dataDir, 'logs'), constants.W_OK);
  } catch (error) {
    throw new CommandError(
      exitCode.failure,
      `The data folder ${dataDir} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
      'Name a folder that you may write to with --data, or in MILLRACE_DATA.',
    );
  }
}
