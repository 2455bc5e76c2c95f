import { apiError, apiPrefix } from '@millrace/protocol';
import { parseJson, writeJson } from '@millrace/spec';
import type { z } from 'zod';
import { CommandError, exitCode } from '../exit-code.ts';
import { formatProblem } from '../output/problems.ts';

export interface ApiClient {
  readonly url: string;
  get<T>(path: string, schema: z.ZodType<T>): Promise<T>;
  getText(path: string): Promise<string>;
  send<T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body: unknown, schema: z.ZodType<T>): Promise<T>;
}

/**
 * The dashboard's HTTP API, with failures as `CommandError`s: 400 → invalid, with every problem; 404 → not found; 409 → conflict;
 * no answer → unreachable.
 * @param file names the document in problems.
 */
export function apiClient(url: string, file?: string): ApiClient {
  const request = async (method: string, path: string, body?: unknown): Promise<Response> => {
    let response: Response;
    try {
      response = await fetch(`${url}${apiPrefix}${path}`, {
        method,
        ...(body === undefined ? {} : { body: writeJson(body), headers: { 'content-type': 'application/json' } }),
      });
    } catch (cause) {
      const why = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
      throw new CommandError(
        exitCode.unreachable,
        `Millrace does not answer at ${url}: ${why}`,
        'Start it with `npm start`, or say where it is with --url or MILLRACE_URL.',
      );
    }
    if (!response.ok) throw await refusal(response, file);
    return response;
  };
  return {
    url,
    get: async (path, schema) => schema.parse(parseJson(await (await request('GET', path)).text())),
    getText: async (path) => (await request('GET', path)).text(),
    send: async (method, path, body, schema) => {
      const response = await request(method, path, body);
      return schema.parse(response.status === 204 ? undefined : parseJson(await response.text()));
    },
  };
}

async function refusal(response: Response, file: string | undefined): Promise<CommandError> {
  const parsed = apiError.safeParse(await response.json().catch(() => null));
  if (!parsed.success)
    return new CommandError(exitCode.failure, `${response.url} answered ${response.status} ${response.statusText}`);
  const { message, hint, problems } = parsed.data.error;
  const lines = [message, ...(problems ?? []).map((problem) => formatProblem(problem, file))];
  return new CommandError(codeOf(response.status), lines.join('\n'), hint);
}

function codeOf(status: number) {
  if (status === 400 || status === 413 || status === 422) return exitCode.invalid;
  if (status === 404) return exitCode.notFound;
  if (status === 409) return exitCode.conflict;
  if (status === 502 || status === 503 || status === 504) return exitCode.unreachable;
  return exitCode.failure;
}
