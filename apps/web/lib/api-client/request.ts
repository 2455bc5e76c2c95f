import type { apiPrefix } from '@millrace/protocol';
import type { Problem } from '@millrace/spec';
import type * as z from 'zod';
import type * as schemas from './schemas.ts';

type Schemas = typeof schemas;
export type SchemaName = keyof Schemas;
export type Answer<N extends SchemaName> = z.output<Schemas[N]>;

/** The protocol's own prefix, held to it by its type. */
const prefix: typeof apiPrefix = '/api/v1';

/** An answer that is not 2xx, or none at all: what happened, in words, and what to do about it. */
export class ApiFailure extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly problems: readonly Problem[];
  /** stale-draft: what is there now. */
  readonly current: { readonly revision: number; readonly text: string } | undefined;

  constructor(
    code: string,
    message: string,
    more: {
      readonly hint?: string | undefined;
      readonly problems?: readonly Problem[] | undefined;
      readonly current?: { readonly revision: number; readonly text: string } | undefined;
    } = {},
  ) {
    super(message);
    this.name = 'ApiFailure';
    this.code = code;
    this.hint = more.hint;
    this.problems = more.problems ?? [];
    this.current = more.current;
  }
}

/** The words for a person: of an `ApiFailure` its own, of anything else what it says. */
export const inWords = (error: unknown): string =>
  error instanceof ApiFailure
    ? [error.message, error.hint].filter(Boolean).join(' ')
    : error instanceof Error
      ? error.message
      : String(error);

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Asks `/api/v1{path}` and parses the answer by the schema of that name; null: the answer has no body. Throws `ApiFailure`. */
export async function request<N extends SchemaName>(
  schema: N,
  path: string,
  options?: RequestOptions,
): Promise<Answer<N>>;
export async function request(schema: null, path: string, options?: RequestOptions): Promise<null>;
export async function request(
  schema: SchemaName | null,
  path: string,
  { method = 'GET', body, signal }: RequestOptions = {},
): Promise<unknown> {
  const validators = import('./schemas.ts');
  const { parseJson, writeJson } = await import('../exact-json.ts');
  const response = await fetch(`${prefix}${path}`, {
    method,
    ...(body === undefined ? {} : { body: writeJson(body), headers: { 'content-type': 'application/json' } }),
    ...(signal === undefined ? {} : { signal }),
  }).catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiFailure('no-answer', 'Millrace does not answer.', {
      hint: 'Is it still running? The page tries again by itself.',
    });
  });
  if (response.ok && schema === null) return null;
  const known = await validators;
  const answer: unknown = await response
    .text()
    .then(parseJson)
    .catch(() => null);
  if (!response.ok) {
    const failure = known.apiError.safeParse(answer);
    if (!failure.success)
      throw new ApiFailure(`http-${response.status}`, `Millrace answered ${response.status} ${response.statusText}.`, {
        hint: 'The engine may be starting. Try again in a moment.',
      });
    const { code, message, ...more } = failure.data.error;
    throw new ApiFailure(code, message, more);
  }
  const parsed = schema === null ? undefined : known[schema].safeParse(answer);
  if (!parsed?.success)
    throw new ApiFailure('unexpected-answer', `The answer to ${method} ${path} is not what this page expects.`, {
      hint: 'The dashboard may have been updated: load the page again.',
    });
  return parsed.data;
}
