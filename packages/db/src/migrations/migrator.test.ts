import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestDatabase, type TestDatabase } from '../testing/index.ts';
import { schemaScript } from '../testing/schema-engine.ts';
import type { Migration } from './migration-folder.ts';
import { readMigrations } from './migration-folder.ts';
import { migrate } from './migrator.ts';

let home: TestDatabase;
beforeAll(async () => {
  home = await startTestDatabase();
});
afterAll(() => home.stop());

const migration = (name: string, sql: string): Migration => ({
  name,
  sql,
  checksum: createHash('sha256').update(sql).digest('hex'),
});

async function query(sql: string, url = home.url): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test('a second run, and several at once, find nothing to do', async () => {
  const lines: string[] = [];
  await Promise.all([1, 2, 3].map(() => migrate(home.url, (line) => lines.push(line))));
  expect(lines).toEqual([]);
});

test('the books are kept as Prisma keeps them', async () => {
  const [row] = await query('SELECT * FROM _prisma_migrations ORDER BY migration_name');
  expect(row).toMatchObject({
    migration_name: '20261122000000_init',
    checksum: readMigrations()[0]?.checksum,
    applied_steps_count: 1,
    rolled_back_at: null,
  });
});

test('a migration that fails is undone whole, says why, and stops later runs until it is mended', async () => {
  const all = [...readMigrations(), migration('2_broken', 'CREATE TABLE half (x int); SELECT no_such_function();')];
  await expect(migrate(home.url, () => undefined, all)).rejects.toThrow(
    /2_broken failed and was undone: .*no_such_function/,
  );
  expect(await query("SELECT to_regclass('half') AS half")).toEqual([{ half: null }]);
  await expect(migrate(home.url, () => undefined)).rejects.toThrow(/2_broken failed before/);
  await query("DELETE FROM _prisma_migrations WHERE migration_name = '2_broken'");
});

test('a changed migration and a database from a newer Millrace are refused', async () => {
  const [init] = readMigrations();
  const changed = [{ ...(init as Migration), checksum: 'other' }]; // as: there is one
  await expect(migrate(home.url, () => undefined, changed)).rejects.toThrow(/was changed after it was applied/);
  await expect(migrate(home.url, () => undefined, [])).rejects.toThrow(/it is newer/);
});

test('the migrations lead to what schema.prisma says, by Prisma’s own engine', async () => {
  const schema = readFileSync(new URL('../../../../prisma/schema.prisma', import.meta.url), 'utf8');
  await query('CREATE DATABASE fresh');
  const fresh = home.url.replace(/millrace$/, 'fresh');
  await query(await schemaScript(home.url, schema), fresh);
  const catalogue = `
    SELECT table_name || '.' || column_name AS name, udt_name || ' ' || is_nullable || ' ' || coalesce(column_default, '') AS what
      FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'
    UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'
    UNION ALL SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'
    UNION ALL SELECT enumtypid::regtype::text, enumlabel FROM pg_enum
    ORDER BY 1, 2`;
  expect(await query(catalogue)).toEqual(await query(catalogue, fresh));
});
