import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { EmbeddedPostgresError } from './embedded-error.ts';

/** Who the server runs as; null: as this process does. */
export type ServerUser = { readonly uid: number; readonly gid: number } | null;

/**
 * Postgres refuses to run as root, so root starts it as whoever owns the data already, else as `postgres`, else as `nobody`.
 * @throws EmbeddedPostgresError where root finds neither.
 */
export function chooseServerUser(dataFolder: string): ServerUser {
  if (process.getuid?.() !== 0) return null;
  if (existsSync(dataFolder)) {
    const { uid, gid } = statSync(dataFolder);
    if (uid !== 0) return { uid, gid };
  }
  for (const name of ['postgres', 'nobody']) {
    const uid = numericId('-u', name);
    const gid = numericId('-g', name);
    if (uid !== null && gid !== null) return { uid, gid };
  }
  throw new EmbeddedPostgresError(
    'no-server-user',
    'Postgres does not run as root, and this machine has no user `postgres` or `nobody` to run it as. Start as an ordinary user, or set DATABASE_URL',
  );
}

/** Whether the server's user can run this program, wherever it lies. */
export function canRun(program: string, user: ServerUser): boolean {
  const { status } = spawnSync(program, ['--version'], { stdio: 'ignore', cwd: '/', ...(user ?? {}) });
  return status === 0;
}

/** Whether the server's user can pass through every folder above this one. */
export function canReach(folder: string, user: ServerUser): boolean {
  if (user === null) return true;
  const { status } = spawnSync('test', ['-x', folder], { stdio: 'ignore', cwd: '/', ...user });
  return status === 0;
}

function numericId(flag: string, name: string): number | null {
  const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' });
  if (status !== 0) return null;
  const id = Number(stdout.trim());
  // macOS prints nobody's −2 as 4294967294
  return Number.isInteger(id) ? id | 0 : null;
}
