import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { apiPrefix } from '@millrace/protocol';
import { type Problem, parseJson } from '@millrace/spec';
import type { z } from 'zod';
import { ApiFailure } from './api-failure.ts';

const maxBodyBytes = 16_000_000;

export interface Request {
  readonly params: Readonly<Record<string, string>>;
  /** Aborted when who asked has gone. */
  readonly signal: AbortSignal;
  /** Checked. Throws `ApiFailure` 400 with the problems. */
  query<T>(schema: z.ZodType<T>): T;
  body<T>(schema: z.ZodType<T>): Promise<T>;
}

export interface Reply {
  readonly status: number;
  /** JSON; absent: no body. */
  readonly body?: unknown;
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

interface Route {
  readonly method: Method;
  readonly segments: readonly string[];
  readonly handle: (request: Request) => Promise<Reply> | Reply;
}

/** Routes by method and path; `{name}` in a path takes one segment. */
export class Router {
  readonly #routes: Route[] = [];

  on(method: Method, path: string, handle: Route['handle']): this {
    this.#routes.push({ method, segments: `${apiPrefix}${path}`.split('/').slice(1), handle });
    return this;
  }

  /** Throws `ApiFailure`, and what the handler throws. */
  async answer(message: IncomingMessage, signal: AbortSignal): Promise<Reply> {
    const url = new URL(message.url ?? '/', 'http://engine');
    const segments = url.pathname.split('/').slice(1);
    const fitting = this.#routes.flatMap((route) => {
      const params = match(route.segments, segments);
      return params === null ? [] : [{ route, params }];
    });
    if (fitting.length === 0) throw new ApiFailure(404, 'not-found', `There is nothing at ${url.pathname}`);
    const found = fitting.find(({ route }) => route.method === message.method);
    if (found === undefined)
      throw new ApiFailure(
        405,
        'method-not-allowed',
        `${url.pathname} takes ${fitting.map(({ route }) => route.method).join(', ')}`,
      );
    return found.route.handle({
      params: found.params,
      signal,
      query: (schema) => parsed(schema, Object.fromEntries(url.searchParams)),
      body: async (schema) => parsed(schema, await readJson(message)),
    });
  }
}

function match(pattern: readonly string[], segments: readonly string[]): Record<string, string> | null {
  if (pattern.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (const [at, part] of pattern.entries()) {
    const segment = segments[at] ?? '';
    if (part.startsWith('{')) params[part.slice(1, -1)] = decoded(segment);
    else if (part !== segment) return null;
  }
  return params;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new ApiFailure(400, 'bad-request', `${segment} is not URL-encoded`);
  }
}

function parsed<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    ({ path, message }): Problem => ({
      code: 'bad-value',
      severity: 'error',
      path: path.map((part) => (typeof part === 'number' ? part : String(part))),
      message: `${path.join('.') || 'the request'}: ${message}`,
    }),
  );
  throw new ApiFailure(400, 'bad-request', problems[0]?.message ?? 'The request is not as it should be', { problems });
}

async function readJson(message: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > maxBodyBytes)
      throw new ApiFailure(413, 'too-large', `A request's body has at most ${maxBodyBytes} bytes`);
    chunks.push(bytes);
  }
  if (size === 0) return {};
  const bytes = Buffer.concat(chunks);
  if (!isUtf8(bytes)) throw new ApiFailure(400, 'bad-request', 'The body is not UTF-8 text');
  try {
    return parseJson(bytes.toString());
  } catch (error) {
    throw new ApiFailure(
      400,
      'bad-request',
      `The body is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
