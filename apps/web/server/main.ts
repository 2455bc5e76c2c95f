/**
 * The dashboard as a process: `main.ts [--dev] [--port N] [--host ADDRESS]`. Next answers pages and the API; what is live goes to the engine at
 * ENGINE_URL. Prints `{"ready":true,"port":…}` on stdout once it serves; ends with its parent.
 */
import { fstatSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { allowedHostsFrom, liveSocket, siteRefusal } from '@millrace/protocol';
import next from 'next';
import { proxyRequest, proxyUpgrade, refuseSocket } from './live-proxy.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '3000' },
    host: { type: 'string', default: '127.0.0.1' },
    dev: { type: 'boolean', default: false },
  },
});
const port = Number(values.port);
const { host, dev } = values;
const dir = join(process.env['MILLRACE_ROOT'] ?? process.cwd(), 'apps', 'web');

/** Whoever holds sockets open without saying what for is cut off. */
const timeouts = { headersTimeout: 10_000, requestTimeout: 60_000, connectionsCheckingInterval: 2_000 };

const always: readonly (readonly [string, string])[] = [
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
  ['referrer-policy', 'same-origin'],
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['permissions-policy', 'camera=(), microphone=(), geolocation=()'],
  // Pages get one that fits them, from proxy.ts.
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
];

const isLive = (request: IncomingMessage): boolean => pathOf(request) === liveSocket.path;
const pathOf = ({ url = '/' }: IncomingMessage): string => url.split('?', 1)[0] ?? '/';

const refusalOf = ({ headers }: IncomingMessage) =>
  siteRefusal(
    { host: headers.host, origin: headers.origin },
    allowedHostsFrom(process.env['MILLRACE_ALLOWED_HOSTS']),
    'dashboard',
  );

const app = next({ dev, dir, hostname: host, port });
const answer = app.getRequestHandler();
const server = createServer(timeouts, (request, response) => {
  for (const [name, value] of always) response.setHeader(name, value);
  // Probes of health come by any name.
  const refusal = pathOf(request) === '/api/v1/health' ? null : refusalOf(request);
  if (refusal !== null) return sendRefusal(request, response, refusal);
  if (isLive(request)) return proxyRequest(request, response);
  void answer(request, response); // Never rejects: Next answers its own failures.
});
server.on('upgrade', (request, socket, head) => {
  socket.on('error', () => socket.destroy()); // A browser that leaves in the midst of it.
  const refusal = refusalOf(request);
  if (refusal !== null) refuseSocket(socket, 403, refusal);
  else if (isLive(request)) proxyUpgrade(request, socket, head);
  // In development Next listens for its own: it reloads what was edited.
  else if (!(dev && pathOf(request).startsWith('/_next/')))
    refuseSocket(socket, 404, { code: 'not-found', message: `There is nothing at ${pathOf(request)} to upgrade to` });
});

function sendRefusal(request: IncomingMessage, response: ServerResponse, error: { readonly code: string }): void {
  if (!request.complete) response.setHeader('connection', 'close');
  response.writeHead(403, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(JSON.stringify({ error }));
}

function end(): void {
  server.close(() => process.exit(0));
  server.closeAllConnections();
  setTimeout(() => process.exit(0), 2_000).unref(); // A live socket is no connection of HTTP any more.
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
// /dev/null ends at once and says nothing of the parent; a pipe ends with it.
const input = fstatSync(0);
if (input.isFIFO() || input.isSocket()) process.stdin.on('end', end).on('error', end).resume();
process.stdout.on('error', () => undefined); // A parent that is gone reads no more; its end is seen above.

server.once('error', (error: NodeJS.ErrnoException) => {
  process.stderr.write(
    error.code === 'EADDRINUSE'
      ? `port ${port} on ${host} is taken by another program; choose one with --port\n`
      : `${error.message}\n`,
  );
  process.exit(1);
});
await app.prepare();
server.listen(port, host, () => {
  const { port: bound } = server.address() as AddressInfo; // A TCP server that listens has one.
  process.stdout.write(`${JSON.stringify({ ready: true, port: bound })}\n`);
});
