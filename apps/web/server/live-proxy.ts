import {
  request as ask,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { Duplex } from 'node:stream';
import { instanceHeader } from '@millrace/protocol';

const unreachable = {
  code: 'engine-unreachable',
  message: 'The engine does not answer. It may be starting, or starting again.',
};

/** The engine at ENGINE_URL as it is now, with what it needs to know of who asks. */
function engineRequest(request: IncomingMessage) {
  const engine = new URL(process.env['ENGINE_URL'] ?? 'http://127.0.0.1:3001');
  const instance = process.env['MILLRACE_INSTANCE'];
  const headers: IncomingHttpHeaders = {
    ...request.headers,
    host: engine.host,
    'x-forwarded-host': request.headers.host,
    ...(instance === undefined ? {} : { [instanceHeader]: instance }),
  };
  return ask(new URL(request.url ?? '/', engine), { method: request.method ?? 'GET', headers });
}

/** Long polling, for browsers whose WebSockets are kept from us. */
export function proxyRequest(request: IncomingMessage, response: ServerResponse): void {
  const asked = engineRequest(request);
  asked.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  asked.on('error', () => {
    if (!response.headersSent) response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '2' });
    response.end(JSON.stringify({ error: unreachable }));
  });
  response.on('close', () => asked.destroy());
  request.pipe(asked);
}

/** A WebSocket: both ends live and die together. */
export function proxyUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const asked = engineRequest(request);
  asked.on('upgrade', (answer, engine, first) => {
    const lines = ['HTTP/1.1 101 Switching Protocols'];
    for (let at = 0; at < answer.rawHeaders.length; at += 2)
      lines.push(`${answer.rawHeaders[at]}: ${answer.rawHeaders[at + 1]}`);
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    if (first.length > 0) socket.write(first);
    if (head.length > 0) engine.write(head);
    engine.pipe(socket);
    socket.pipe(engine);
    for (const [one, other] of [
      [engine, socket],
      [socket, engine],
    ] as const)
      one.on('close', () => other.destroy()).on('error', () => other.destroy());
  });
  asked.on('response', (answer) => {
    answer.resume();
    refuseSocket(socket, answer.statusCode ?? 502, { code: 'refused', message: 'The engine refused the connection' });
  });
  asked.on('error', () => refuseSocket(socket, 503, unreachable));
  socket.on('close', () => asked.destroy());
  asked.end();
}

/** Answers an upgrade that does not take place, and closes its socket. */
export function refuseSocket(
  socket: Duplex,
  status: number,
  error: { readonly code: string; readonly message: string },
): void {
  const body = JSON.stringify({ error });
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'connection: close',
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
