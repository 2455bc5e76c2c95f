import { AppExists, type Database, DatabaseFull, DatabaseUnreachable, DeploymentMoved, StaleDraft } from '@millrace/db';
import type { z } from 'zod';
import { getDatabase } from '../db.ts';
import { Refusal } from './refusal.ts';
import { readBody } from './request-body.ts';
import { guardRequest } from './request-guard.ts';

/** What a route gets to work with. */
export interface Call<Body = undefined> {
  readonly request: Request;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Body;
  /** Who asks. There are no accounts on loopback: it is whoever sits at this machine. */
  readonly actor: string;
  /** @throws Refusal 503 where no database is configured */
  readonly database: () => Database;
}

type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;
type Answer = Response | object;

/** A route without a body. What it answers is sent as JSON, unless it is a `Response`. */
export function route(answer: (call: Call) => Promise<Answer> | Answer): Handler {
  return handler(async () => undefined, answer);
}

/** A route that takes JSON of this shape. */
export function routeWithBody<S extends z.ZodType>(
  schema: S,
  answer: (call: Call<z.output<S>>) => Promise<Answer> | Answer,
): Handler {
  return handler((request) => readBody(request, schema), answer);
}

function handler<Body>(
  read: (request: Request) => Promise<Body>,
  answer: (call: Call<Body>) => Promise<Answer> | Answer,
): Handler {
  return async (request, context) => {
    try {
      guardRequest(request);
      const body = await read(request);
      const params = await context.params;
      const query = new URL(request.url).searchParams;
      const result = await answer({ request, params, query, body, actor: 'local', database });
      return result instanceof Response ? result : Response.json(result, { headers: { 'cache-control': 'no-store' } });
    } catch (error) {
      return asRefusal(error).toResponse();
    }
  };
}

function database(): Database {
  const found = getDatabase();
  if (found === null) {
    throw new Refusal(503, 'no-database', 'The dashboard was started without a database', {
      hint: 'Set DATABASE_URL, or start it with `npm start`.',
    });
  }
  return found;
}

function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof DatabaseUnreachable) {
    return new Refusal(503, error.code, `${error.message}.`, {
      hint: 'Nothing was changed. Apps that run go on running; try again when Postgres is back.',
    });
  }
  if (error instanceof DatabaseFull) {
    return new Refusal(507, error.code, `${error.message}.`, {
      hint: 'Nothing was changed. Make room on that disk, 100 MB or more, and try again: everything goes on by itself.',
    });
  }
  if (error instanceof AppExists)
    return new Refusal(409, error.code, `${error.message}.`, { hint: 'Choose another name.' });
  if (error instanceof StaleDraft) {
    return new Refusal(409, error.code, `${error.message}: somebody saved it meanwhile. Nothing was written.`, {
      current: { ...error.current },
    });
  }
  if (error instanceof DeploymentMoved) {
    return new Refusal(409, error.code, `${error.message}. Nothing was written.`, {
      hint: 'Look at the plan again, then deploy.',
    });
  }
  console.error(error);
  return new Refusal(
    500,
    'internal',
    'Something in the dashboard failed. Nothing was answered, and the reason is in its log.',
  );
}
