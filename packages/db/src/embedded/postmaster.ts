import { spawn, spawnSync } from 'node:child_process';
import { closeSync, fchmodSync, openSync, readFileSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { type Cluster, superuser } from './cluster.ts';
import { EmbeddedPostgresError } from './embedded-error.ts';
import { isAlive, readPostmasterFile, removePostmasterFile } from './postmaster-file.ts';

const readyWithinMs = 60_000;
const stopWithinMs = 20_000;
const pollMs = 25;
const watchMs = 500;

/** A running server: started by us, or one that an earlier run left behind and that we adopted. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly adopted: boolean;
  /** Settles when the process is gone, for whatever reason. */
  readonly exited: Promise<void>;
}

/** Starts the server on `port`. @throws EmbeddedPostgresError, `portTaken` saying whether another port would do. */
export async function startPostmaster(cluster: Cluster, port: number): Promise<Postmaster> {
  const output = openSync(cluster.logFile, 'w', 0o600);
  fchmodSync(output, 0o600);
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '60',
    shared_buffers: '32MB',
    log_min_messages: 'warning',
  };
  const args = ['-D', cluster.data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  // Detached: Ctrl-C in a terminal goes to every process of the group, and the database must outlive those that write to it.
  const child = spawn(cluster.installation.postgres, args, {
    stdio: ['ignore', output, output],
    detached: true,
    cwd: '/',
    ...(cluster.user ?? {}),
  });
  closeSync(output);
  let gone = false;
  let failure: Error | null = null;
  const exited = new Promise<void>((resolve) => {
    const settle = () => {
      gone = true;
      resolve();
    };
    child.once('exit', settle);
    child.once('error', (error) => {
      failure = error;
      settle();
    });
  });
  const deadline = Date.now() + readyWithinMs;
  while (!gone && Date.now() < deadline) {
    const file = readPostmasterFile(cluster.data);
    if (file?.ready && file.pid === child.pid) return { pid: file.pid, port: file.port, adopted: false, exited };
    await delay(pollMs);
  }
  if (!gone && child.pid !== undefined) process.kill(child.pid, 'SIGKILL');
  const said =
    (failure as Error | null)?.message ?? readFileSync(cluster.logFile, 'utf8').trim().split('\n').slice(-6).join('\n');
  throw new EmbeddedPostgresError('start-failed', `Postgres did not start on port ${port}: ${said}`);
}

/**
 * The server that an unclean end left running on this folder. Proven by logging in with the folder's password and asking for its data
 * folder, as the pid in the file may by now be anybody's; such a file is removed, since Postgres would refuse to start over it.
 * @throws EmbeddedPostgresError when a server holds the folder and does not answer.
 */
export async function adoptPostmaster(cluster: Cluster): Promise<Postmaster | null> {
  const file = readPostmasterFile(cluster.data);
  if (file === null) return null;
  const deadline = Date.now() + readyWithinMs;
  while (isAlive(file.pid) && looksLikePostgres(file.pid)) {
    if (await serves(cluster, file.port)) return { ...file, adopted: true, exited: watch(file.pid) };
    if (Date.now() > deadline) {
      throw new EmbeddedPostgresError(
        'folder-in-use',
        `Process ${file.pid} holds ${cluster.data} and does not answer on port ${file.port}. End it and start again`,
      );
    }
    await delay(250);
  }
  removePostmasterFile(cluster.data);
  return null;
}

/** Ends the server: fast shutdown first (connections are cut, everything is written), then at once. Settles when it is gone. */
export async function stopPostmaster(cluster: Cluster, postmaster: Postmaster): Promise<void> {
  const patience = () => Promise.race([postmaster.exited.then(() => true), delay(stopWithinMs, false, { ref: false })]);
  signal(cluster, postmaster.pid, 'fast');
  if (await patience()) return;
  signal(cluster, postmaster.pid, 'immediate');
  if (await patience()) return;
  if (isAlive(postmaster.pid)) process.kill(postmaster.pid, 'SIGKILL');
}

function signal(cluster: Cluster, pid: number, mode: 'fast' | 'immediate'): void {
  if (process.platform === 'win32') {
    spawnSync(cluster.installation.pgCtl, ['stop', '-D', cluster.data, '-m', mode, '-W'], { stdio: 'ignore' });
  } else if (isAlive(pid)) {
    process.kill(pid, mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
  }
}

async function watch(pid: number): Promise<void> {
  while (isAlive(pid)) await delay(watchMs, undefined, { ref: false });
}

function looksLikePostgres(pid: number): boolean {
  if (process.platform === 'win32') return true; // serves() decides
  const { status, stdout } = spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' });
  return status !== 0 || stdout === '' ? readCommandLine(pid).includes('postgres') : stdout.includes('postgres');
}

/** For images without `ps`. */
function readCommandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // gone, or no /proc
  }
}

async function serves(cluster: Cluster, port: number): Promise<boolean> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: superuser,
    password: cluster.password,
    database: 'postgres',
    connectionTimeoutMillis: 2000,
  });
  // A connection cut while idle is an event, and one without a listener ends the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    return (await realpath(rows[0]?.data_directory ?? '')) === (await realpath(cluster.data));
  } catch {
    return false; // not up yet, or not ours: the caller looks at the process again
  } finally {
    await client.end().catch(() => undefined);
  }
}
