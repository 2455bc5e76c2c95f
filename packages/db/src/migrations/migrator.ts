import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { databaseAddress } from '../database-address.ts';
import { asDatabaseError } from '../database-error.ts';
import { type Migration, readMigrations } from './migration-folder.ts';

/** The database's books and the migrations disagree, or a migration failed; the message says which and what to do. */
export class MigrationError extends Error {
  readonly code = 'migration-failed';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MigrationError';
  }
}

/** Prisma's own lock: `prisma migrate deploy` and this never run at once. */
const advisoryLock = 72707369;

/** Prisma's own table, word for word, so that its tools work on the same database. */
const books = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
)`;

interface Applied {
  readonly migration_name: string;
  readonly checksum: string;
  readonly finished_at: Date | null;
  readonly logs: string | null;
}

/**
 * Brings the database's schema up to the newest migration, each in a transaction of its own. Safe to call from several processes at once.
 * @throws DatabaseUnreachable, MigrationError
 */
export async function migrate(
  url: string,
  log: (line: string) => void,
  migrations: readonly Migration[] = readMigrations(),
): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  // The query under way rejects as well; without a listener a lost connection would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT pg_advisory_lock($1)', [advisoryLock]);
    await client.query(books);
    const { rows } = await client.query<Applied>(
      'SELECT migration_name, checksum, finished_at, logs FROM _prisma_migrations WHERE rolled_back_at IS NULL',
    );
    for (const migration of pending(migrations, rows)) {
      log(`applying migration ${migration.name}`);
      await apply(client, migration);
    }
  } catch (error) {
    throw asDatabaseError(error, databaseAddress(url));
  } finally {
    // Ends the session and with it the lock; one that is lost already is ended.
    await client.end().catch(() => undefined);
  }
}

function pending(migrations: readonly Migration[], applied: readonly Applied[]): Migration[] {
  const failed = applied.find(({ finished_at }) => finished_at === null);
  if (failed !== undefined) {
    throw new MigrationError(
      `Migration ${failed.migration_name} failed before: ${failed.logs ?? 'no log'}. Mend the database, then delete its row in _prisma_migrations`,
    );
  }
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const { migration_name: name, checksum } of applied) {
    const migration = known.get(name);
    if (migration === undefined) {
      throw new MigrationError(
        `The database has migration ${name}, which this Millrace does not know: it is newer. Start the newer Millrace`,
      );
    }
    if (migration.checksum !== checksum) throw new MigrationError(`Migration ${name} was changed after it was applied`);
  }
  const done = new Set(applied.map(({ migration_name }) => migration_name));
  return migrations.filter(({ name }) => !done.has(name));
}

async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  const id = randomUUID();
  await client.query('INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ($1, $2, $3)', [
    id,
    checksum,
    name,
  ]);
  try {
    await client.query('BEGIN');
    await client.query(sql);
    await client.query('UPDATE _prisma_migrations SET finished_at = now(), applied_steps_count = 1 WHERE id = $1', [
      id,
    ]);
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK');
    const said = cause instanceof Error ? cause.message : String(cause);
    await client.query('UPDATE _prisma_migrations SET logs = $2 WHERE id = $1', [id, said]);
    throw new MigrationError(`Migration ${name} failed and was undone: ${said}`, { cause });
  }
}
