import { engineRoutes, instanceHeader } from '@millrace/protocol';
import { Refusal } from './refusal.ts';
import { readBytes } from './request-body.ts';
import { type Call, route } from './route.ts';

/** What the engine answers is read from Kafka, which may be slow; a page that left aborts by itself. */
const timeoutMs = 60_000;

/**
 * Hands a request to the engine at `ENGINE_URL`, as it is when the request comes: pages, what should be and what is share one origin.
 * @throws Refusal 404 for what is no route of the API, 503 when the engine does not answer
 */
export const forwardToEngine = route(async ({ request }) => {
  const url = new URL(request.url);
  const [, , , first] = url.pathname.split('/');
  if (!engineRoutes.some((name) => name === first)) {
    throw new Refusal(404, 'not-found', `The API has no ${request.method} ${url.pathname}`, {
      hint: '/api/v1/openapi.json lists what it has.',
    });
  }
  const engine = process.env.ENGINE_URL;
  if (engine === undefined || !URL.canParse(engine)) {
    throw new Refusal(503, 'engine-unreachable', 'The dashboard was started without an engine', {
      hint: 'Set ENGINE_URL, or start both with `npm start`.',
    });
  }
  const body = await readBytes(request);
  const answer = await ask(request, new URL(url.pathname + url.search, engine), body);
  const instance = process.env.MILLRACE_INSTANCE;
  const answered = answer.headers.get(instanceHeader);
  if (instance !== undefined && answered !== instance)
    throw new Refusal(
      503,
      'another-instance',
      `${new URL(engine).host} is ${answered === null ? 'not our engine' : 'the engine of another Millrace'}`,
      { hint: 'Another program has taken its port. Our engine starts again on another one; try again in a moment.' },
    );
  const headers = new Headers({ 'cache-control': 'no-store' });
  for (const name of ['content-type', 'location', 'retry-after']) {
    const value = answer.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  return new Response(answer.body, { status: answer.status, headers });
});

async function ask(request: Call['request'], url: URL, body: Buffer): Promise<Response> {
  const attempt = () =>
    fetch(url, {
      method: request.method,
      headers: {
        accept: request.headers.get('accept') ?? 'application/json',
        'content-type': 'application/json',
        ...(process.env.MILLRACE_INSTANCE === undefined ? {} : { [instanceHeader]: process.env.MILLRACE_INSTANCE }),
      },
      ...(body.length === 0 ? {} : { body: new Uint8Array(body) }),
      redirect: 'manual',
      signal: AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)]),
    });
  try {
    // A kept connection to an engine that has started again since fails once; a read may simply be asked again.
    return request.method === 'GET' ? await attempt().catch(attempt) : await attempt();
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const said = cause instanceof Error ? cause.message || cause.name : String(cause);
    throw new Refusal(503, 'engine-unreachable', `The engine does not answer at ${url.host}: ${said}.`, {
      hint: 'It may be starting, or starting again. Nothing was changed; records and state are kept in Kafka.',
    });
  }
}
