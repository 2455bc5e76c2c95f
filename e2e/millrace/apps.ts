import { expect } from '@playwright/test';
import { api, millraceUrl } from './api.ts';

let made = 0;

/** A name that no other test has, of this run or of one before. */
export const freshName = (prefix: string): string => `${prefix}-${Date.now().toString(36)}-${made++}`;

export interface AppDetail {
  readonly text: string;
  readonly draft: { readonly revision: number };
  readonly latestVersion: number | null;
  readonly deployment: {
    readonly version: number;
    readonly desired: string;
    readonly outcome: string;
    readonly reason: string | null;
    readonly runningVersion: number | null;
  } | null;
}

export const appDetail = (app: string): Promise<AppDetail> => api<AppDetail>('GET', `/apps/${app}`);

/** Stops an app and waits until it has: the tests after this one have the machine to themselves. */
export async function stopApp(app: string): Promise<void> {
  await api('POST', `/apps/${app}/desired`, { desired: 'stopped' });
  await expect
    .poll(async () => (await appDetail(app)).deployment, { timeout: 60_000, message: `${app} is stopped` })
    .toMatchObject({ desired: 'stopped', outcome: 'settled' });
}

export interface Refused {
  readonly status: number;
  readonly error: {
    readonly code: string;
    readonly problems?: readonly {
      readonly code: string;
      readonly severity: string;
      readonly path: readonly (string | number)[];
      readonly message: string;
      readonly hint?: string;
    }[];
  };
}

/** Calls the API where it should refuse: what it said. */
export async function refused(method: string, path: string, body: unknown): Promise<Refused> {
  const response = await fetch(`${millraceUrl()}/api/v1${path}`, {
    method,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  const answer = await response.json();
  expect(response.ok, `${method} ${path} was not refused: ${JSON.stringify(answer)}`).toBe(false);
  return { status: response.status, ...answer };
}
