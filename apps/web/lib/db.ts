import { type Database, openDatabase } from '@millrace/db';

// Development loads modules anew at every change; the connections stay.
const held = globalThis as typeof globalThis & {
  millraceDatabase?: { readonly url: string; readonly database: Database };
};

/** The one database of this process; null: `DATABASE_URL` is not set. */
export function getDatabase(): Database | null {
  const url = process.env.DATABASE_URL;
  if (url === undefined || url === '') return null;
  if (held.millraceDatabase?.url !== url) held.millraceDatabase = { url, database: openDatabase(url) };
  return held.millraceDatabase.database;
}
