import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApiError } from '@millrace/protocol';
import { TransportError } from '@millrace/streams';
import { isOriginAllowed } from '../live/origin.ts';
import { type Log, saying } from '../log.ts';
import { BadFilter } from '../queries/record-filter.ts';
import { WorkerError } from '../workers/worker-error.ts';
import { ApiFailure } from './api-failure.ts';
import type { Reply, Router } from './router.ts';

/** The engine's HTTP server: the dashboard's proxy is in front of it. */
export function createHttpServer(router: Router, log: Log): Server {
  return createServer((request, response) => {
    void answer(router, request, log).then((reply) => send(response, reply)); // never rejects: failures are replies
  });
}

/** Resolves with the port. Rejects when it is taken, naming it. */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new Error(
          'code' in error && error.code === 'EADDRINUSE'
            ? `Port ${port} is taken. Set ENGINE_PORT to another.`
            : error.message,
        ),
      ),
    );
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port)); // a TCP server that listens has one
  });
}

async function answer(router: Router, request: IncomingMessage, log: Log): Promise<Reply> {
  try {
    if (!isOriginAllowed(request.headers.origin))
      throw new ApiFailure(403, 'foreign-origin', "Pages of other hosts can't use this engine");
    return await router.answer(request);
  } catch (error) {
    const failure = failureOf(error);
    if (failure.status === 500)
      log(`${request.method} ${request.url}: ${error instanceof Error ? error.stack : String(error)}`);
    const { code, message, hint, problems } = failure;
    const body: ApiError = {
      error: {
        code,
        message,
        ...(hint === undefined ? {} : { hint }),
        ...(problems === undefined ? {} : { problems: [...problems] }),
      },
    };
    return { status: failure.status, body };
  }
}

function failureOf(error: unknown): ApiFailure {
  if (error instanceof ApiFailure) return error;
  if (error instanceof BadFilter) return new ApiFailure(400, 'bad-expression', error.message);
  if (error instanceof TransportError) {
    if (error.code === 'unknown-topic') return new ApiFailure(404, 'not-found', error.message);
    return error.retriable
      ? new ApiFailure(503, 'kafka-unreachable', error.message, { hint: 'The engine goes on trying.' })
      : new ApiFailure(502, `kafka-${error.code}`, error.message);
  }
  if (error instanceof WorkerError)
    return new ApiFailure(503, `worker-${error.code}`, error.message, { hint: 'Try again in a moment.' });
  return new ApiFailure(500, 'internal', saying(error));
}

function send(response: ServerResponse, { status, body }: Reply): void {
  if (body === undefined) {
    response.writeHead(status).end();
    return;
  }
  const text = JSON.stringify(body);
  response
    .writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'content-length': Buffer.byteLength(text),
    })
    .end(text);
}
