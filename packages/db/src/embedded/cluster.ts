import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-error.ts';
import { copyInstallation, findInstallation, type Installation } from './installation.ts';
import { canReach, canRun, chooseServerUser, type ServerUser } from './server-user.ts';

export const superuser = 'millrace';

/** A data folder that is ready for a server, and all that starting it takes. */
export interface Cluster {
  /** Postgres' own data folder (PGDATA). */
  readonly data: string;
  readonly logFile: string;
  readonly password: string;
  readonly user: ServerUser;
  readonly installation: Installation;
}

/**
 * Makes the cluster below `dataDir`, or finds it there as it was. Where the server's user can't reach that folder (a clone below /root), the
 * cluster lies below /var/lib/millrace instead, and `dataDir/location` says where.
 * @throws EmbeddedPostgresError
 */
export function prepareCluster(dataDir: string, log: (line: string) => void): Cluster {
  mkdirSync(dataDir, { recursive: true });
  // As root, the server runs as another user, who must be able to pass through, and no more.
  chmodSync(dataDir, process.getuid?.() === 0 ? 0o711 : 0o700);
  const installed = findInstallation();
  const home = placeHome(dataDir, log);
  const data = join(home, 'data');
  const user = chooseServerUser(data);
  const installation = canRun(installed.postgres, user)
    ? installed
    : copyInstallation(installed, join(home, `binaries-${process.platform}-${process.arch}`));
  const passwordFile = join(home, 'password');
  const logFile = join(home, 'postgres.log');
  if (!existsSync(passwordFile)) writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  chmodSync(passwordFile, 0o600);
  const password = readFileSync(passwordFile, 'utf8').trim();
  if (!existsSync(join(data, 'PG_VERSION'))) {
    // An initdb that was cut short leaves a folder that it would then refuse.
    rmSync(data, { recursive: true, force: true });
    mkdirSync(data, { mode: 0o700 });
    own(data, user);
    initialize({ data, logFile, password, user, installation }, home);
  }
  return { data, logFile, password, user, installation };
}

function placeHome(dataDir: string, log: (line: string) => void): string {
  const pointer = join(dataDir, 'location');
  if (existsSync(pointer)) {
    const home = readFileSync(pointer, 'utf8').trim();
    mkdirSync(home, { recursive: true, mode: 0o755 });
    return home;
  }
  if (existsSync(join(dataDir, 'data')) || canReach(dataDir, chooseServerUser(join(dataDir, 'data')))) return dataDir;
  const home = join('/var/lib/millrace', `postgres-${randomBytes(4).toString('hex')}`);
  mkdirSync(home, { recursive: true, mode: 0o755 });
  chmodSync(home, 0o755);
  writeFileSync(pointer, `${home}\n`);
  log(`the user that Postgres runs as cannot reach ${dataDir}; its data lies in ${home}`);
  return home;
}

function initialize(cluster: Cluster, home: string): void {
  const { data, user, installation } = cluster;
  const passwordFile = join(home, `initdb-password-${process.pid}`);
  writeFileSync(passwordFile, cluster.password, { mode: 0o600 });
  own(passwordFile, user);
  const args = [
    '-D',
    data,
    '-U',
    superuser,
    '-A',
    'scram-sha-256',
    '--pwfile',
    passwordFile,
    '--locale=C',
    '-E',
    'UTF8',
    '--no-instructions',
  ];
  try {
    const run = spawnSync(installation.initdb, args, { encoding: 'utf8', cwd: home, ...(user ?? {}) });
    if (run.status !== 0) {
      rmSync(data, { recursive: true, force: true });
      const said = (run.stderr || run.error?.message || '').trim();
      throw new EmbeddedPostgresError('init-failed', `Postgres could not make its data folder ${data}: ${said}`);
    }
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function own(path: string, user: ServerUser): void {
  if (user !== null) chownSync(path, user.uid, user.gid);
}
