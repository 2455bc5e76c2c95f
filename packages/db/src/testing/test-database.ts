import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '../database.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../embedded/index.ts';
import { migrate } from '../migrations/migrator.ts';

export interface TestDatabase {
  readonly url: string;
  readonly database: Database;
  readonly server: EmbeddedPostgres;
  /** Stops the server and removes its folder. */
  stop(): Promise<void>;
}

/** A migrated, empty database on an embedded Postgres of its own, on a free port and in a temporary folder. About a second. */
export async function startTestDatabase(): Promise<TestDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), 'millrace-test-'));
  // Postgres run by root is another user's, who may not pass through the 0700 that mkdtemp gives.
  await chmod(dataDir, 0o755);
  const server = await startEmbeddedPostgres({ dataDir, port: 0, log: () => undefined });
  await migrate(server.url, () => undefined);
  const database = openDatabase(server.url);
  return {
    url: server.url,
    database,
    server,
    async stop() {
      await database.close();
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
