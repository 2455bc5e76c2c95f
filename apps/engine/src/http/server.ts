import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ApiError, instanceHeader } from '@millrace/protocol';
import { writeJson } from '@millrace/spec';
import { TransportError } from '@millrace/streams';
import { type Log, saying } from '../log.ts';
import { BadFilter } from '../queries/record-filter.ts';
import { WorkerError } from '../workers/worker-error.ts';
import { ApiFailure } from './api-failure.ts';
import type { Gate } from './gate.ts';
import type { Reply, Router } from './router.ts';

/** A client that takes longer to say what it wants is cut off: whoever holds sockets open would hold the engine's. */
const timeouts = { headersTimeout: 10_000, requestTimeout: 60_000, connectionsCheckingInterval: 2_000 };

/** The engine's HTTP server: the dashboard's proxy is in front of it. */
export function createHttpServer(router: Router, gate: Gate, log: Log): Server {
  return createServer(timeouts, (request, response) => {
    response.setHeaders(
      new Map([
        ['x-content-type-options', 'nosniff'],
        ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
        ['cross-origin-resource-policy', 'same-origin'],
        ...(gate.instance === null ? [] : [[instanceHeader, gate.instance] as const]),
      ]),
    );
    const gone = new AbortController();
    response.once('close', () => response.writableEnded || gone.abort());
    // Never rejects: failures are replies.
    void answer(router, gate, request, gone.signal, log).then(
      (reply) => gone.signal.aborted || send(request, response, reply),
    );
  });
}

/** Upgrades that the gate refuses, or that nobody here takes, are answered and their sockets closed; call when what takes upgrades is attached. */
export function guardUpgrades(server: Server, gate: Gate, path: string): void {
  const takers = server.listeners('upgrade');
  server.removeAllListeners('upgrade');
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy()); // It may be gone before it is answered.
    const { pathname } = new URL(request.url ?? '/', 'http://engine');
    const refusal =
      gate.refusal(request) ??
      (pathname === path ? null : new ApiFailure(404, 'not-found', `There is nothing at ${pathname} to upgrade to`));
    if (refusal === null) {
      for (const taker of takers) taker.call(server, request, socket, head);
      return;
    }
    const body = JSON.stringify(bodyOf(refusal));
    const lines = [
      `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}`,
      'connection: close',
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
    ];
    socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
  });
}

/** Resolves with the port. Rejects when it is taken, naming it. */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new Error(
          'code' in error && error.code === 'EADDRINUSE'
            ? `Port ${port} is taken by another program; set ENGINE_PORT to another, or 0 for any`
            : error.message,
        ),
      ),
    );
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port)); // a TCP server that listens has one
  });
}

async function answer(
  router: Router,
  gate: Gate,
  request: IncomingMessage,
  signal: AbortSignal,
  log: Log,
): Promise<Reply> {
  try {
    const refusal = gate.refusal(request);
    if (refusal !== null) throw refusal;
    return await router.answer(request, signal);
  } catch (error) {
    const failure = failureOf(error);
    if (failure.status === 500 && !signal.aborted)
      log(`${request.method} ${request.url}: ${error instanceof Error ? error.stack : String(error)}`);
    return { status: failure.status, body: bodyOf(failure) };
  }
}

function bodyOf({ code, message, hint, problems }: ApiFailure): ApiError {
  return {
    error: {
      code,
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(problems === undefined ? {} : { problems: [...problems] }),
    },
  };
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

function send(request: IncomingMessage, response: ServerResponse, { status, body }: Reply): void {
  // What comes after a body that was not read to its end would be taken for a request.
  if (!request.complete) response.setHeader('connection', 'close');
  if (body === undefined) {
    response.writeHead(status).end();
    return;
  }
  const text = writeJson(body);
  response
    .writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'content-length': Buffer.byteLength(text),
    })
    .end(text);
}
