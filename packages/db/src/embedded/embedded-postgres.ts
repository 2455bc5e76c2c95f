import { resolve } from 'node:path';
import pg from 'pg';
import { type Cluster, prepareCluster, superuser } from './cluster.ts';
import { EmbeddedPostgresError } from './embedded-error.ts';
import { freePort } from './free-port.ts';
import { adoptPostmaster, type Postmaster, startPostmaster, stopPostmaster } from './postmaster.ts';

export interface EmbeddedPostgresOptions {
  /** The folder that holds everything of it; made where it is missing. */
  readonly dataDir: string;
  /** Taken if free, else another one; 0 or absent: any. */
  readonly port?: number;
  readonly log: (line: string) => void;
}

export interface EmbeddedPostgres {
  /** Of the database `millrace`, password included. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Settles when the server is gone, also when nobody asked for it. */
  readonly exited: Promise<void>;
  /** Stops the server and waits for its end. Idempotent. */
  stop(): Promise<void>;
}

const database = 'millrace';
const startAttempts = 3;

/**
 * A Postgres server of our own on loopback, ready for connections when this settles. A server that an unclean end left on the same folder is
 * adopted, with its port.
 * @throws EmbeddedPostgresError
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { port: wanted = 0, log } = options;
  const cluster = prepareCluster(resolve(options.dataDir), log);
  const postmaster = (await adoptPostmaster(cluster)) ?? (await startOnFreePort(cluster, wanted, log));
  if (postmaster.adopted)
    log(`found the Postgres of an earlier run still there (process ${postmaster.pid}), and took it over`);
  await createDatabase(cluster, postmaster.port);
  let stopping: Promise<void> | undefined;
  return {
    url: urlOf(cluster, postmaster.port, database),
    port: postmaster.port,
    pid: postmaster.pid,
    exited: postmaster.exited,
    stop: () => (stopping ??= stopPostmaster(cluster, postmaster)),
  };
}

async function startOnFreePort(cluster: Cluster, wanted: number, log: (line: string) => void): Promise<Postmaster> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(attempt === 1 ? wanted : 0);
    if (wanted !== 0 && port !== wanted) log(`port ${wanted} is taken; Postgres listens on ${port}`);
    try {
      return await startPostmaster(cluster, port);
    } catch (error) {
      // Somebody may take the port between our look and the server's.
      const portTaken = error instanceof EmbeddedPostgresError && /in use|bind/i.test(error.message);
      if (!portTaken || attempt === startAttempts) throw error;
    }
  }
}

async function createDatabase(cluster: Cluster, port: number): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(cluster, port, 'postgres') });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${database}`);
  } finally {
    await client.end();
  }
}

function urlOf(cluster: Cluster, port: number, name: string): string {
  return `postgresql://${superuser}:${cluster.password}@127.0.0.1:${port}/${name}`;
}
