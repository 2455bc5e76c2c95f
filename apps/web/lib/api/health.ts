import { DatabaseUnreachable } from '@millrace/db';
import { getDatabase } from '../db.ts';

/** Answers 200 as long as pages are served; `ok` and `database` say whether anything can be saved. Without checks of host: probes use any name. */
export async function getHealth(): Promise<Response> {
  const database = getDatabase();
  const state = await probe(database);
  return Response.json({ ok: state.ok, database: state }, { headers: { 'cache-control': 'no-store' } });
}

async function probe(database: ReturnType<typeof getDatabase>) {
  if (database === null) return { ok: false, message: 'DATABASE_URL is not set' };
  try {
    return { ok: true, latencyMs: Math.round(await database.ping()) };
  } catch (error) {
    if (error instanceof DatabaseUnreachable) return { ok: false, message: error.message };
    throw error;
  }
}
