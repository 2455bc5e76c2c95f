import { expect } from '@playwright/test';

/** The address of the Millrace that the tests share. */
export const millraceUrl = (): string => {
  const url = process.env['MILLRACE_URL'];
  if (url === undefined) throw new Error('MILLRACE_URL is not set: the global set-up has not run');
  return url;
};

export const dataDir = (): string => {
  const dir = process.env['MILLRACE_E2E_DATA'];
  if (dir === undefined) throw new Error('MILLRACE_E2E_DATA is not set: the global set-up has not run');
  return dir;
};

/** Calls the HTTP API; fails the test with the body when it does not answer 2xx. */
export async function api<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${millraceUrl()}/api/v1${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await response.text();
  expect(response.ok, `${method} ${path} answered ${response.status}: ${text}`).toBe(true);
  return (text === '' ? undefined : JSON.parse(text)) as T; // The test names the shape it relies on.
}

interface Deployment {
  readonly deployment: {
    readonly outcome: string;
    readonly reason: string | null;
    readonly runningVersion: number | null;
  } | null;
}

/** Applies a document and waits until it runs. */
export async function deploy(text: string): Promise<void> {
  const { app } = await api<{ app: string }>('POST', '/apply', { text, confirm: 'all' });
  await expect
    .poll(async () => (await api<Deployment>('GET', `/apps/${app}`)).deployment, {
      timeout: 60_000,
      message: `${app} is deployed`,
    })
    .toMatchObject({ outcome: 'settled' });
}

export interface Row {
  readonly key: string;
  readonly windowStartMs: number | null;
  readonly value: Readonly<Record<string, number | string | null>>;
}

/** All rows of a table, of windows that are open or closed. */
export const tableRows = async (app: string, table: string): Promise<{ rows: Row[]; missing: number[] }> =>
  api('GET', `/tables/${app}/${table}?windows=all&limit=100000`);
