import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { databaseAddress } from './database-address.ts';
import { asDatabaseError } from './database-error.ts';
import { deploymentsChannel } from './deployments.ts';

const firstDelayMs = 250;
const maxDelayMs = 10_000;
const connectTimeoutMs = 5_000;

export interface WatchOptions {
  /** Hears of every failure to connect and of every lost connection. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Calls `onChange` with the app whose deployment changed, and with null after every (re)connection: then anything may have. Reconnects with
 * back-off (250 ms to 10 s). A notification can be lost with its connection, so poll beside this. Settles when `signal` aborts; never rejects.
 */
export async function watchDeployments(
  url: string,
  onChange: (app: string | null) => void,
  signal: AbortSignal,
  { onError = () => undefined }: WatchOptions = {},
): Promise<void> {
  let delayMs = firstDelayMs;
  while (!signal.aborted) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs, keepAlive: true });
    const lost = new Promise<unknown>((resolve) => {
      client.on('error', resolve);
      client.on('end', () => resolve(new Error('Connection terminated')));
    });
    const aborted = new Promise<null>((resolve) => {
      if (signal.aborted) resolve(null);
      else signal.addEventListener('abort', () => resolve(null), { once: true });
    });
    try {
      await client.connect();
      client.on('notification', ({ payload }) => onChange(payload || null));
      await client.query(`LISTEN ${deploymentsChannel}`);
      delayMs = firstDelayMs;
      onChange(null);
      const reason = await Promise.race([lost, aborted]);
      if (reason !== null) onError(asDatabaseError(reason, databaseAddress(url)));
    } catch (error) {
      onError(asDatabaseError(error, databaseAddress(url)));
    } finally {
      // Ending a connection that is lost already fails; there is nothing left to end.
      await client.end().catch(() => undefined);
    }
    if (!signal.aborted) await delay(delayMs, undefined, { signal }).catch(() => undefined);
    delayMs = Math.min(delayMs * 2, maxDelayMs);
  }
}
