import { createHash } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestDatabase, type TestDatabase } from '../testing/index.ts';
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

async function query(sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: home.url });
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
