import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { instanceHeader } from '@millrace/protocol';
import { expect, test } from 'vitest';
import { Gate } from '../http/gate.ts';
import { Router } from '../http/router.ts';
import { createHttpServer, guardUpgrades, listen } from '../http/server.ts';

const gate = new Gate('instance-one', []);

/** What is answered to raw words, once the server has closed the connection. */
async function answerTo(port: number, words: string): Promise<string> {
  const socket = connect(port, '127.0.0.1', () => socket.write(words));
  let answer = '';
  socket.on('data', (chunk: Buffer) => {
    answer += chunk;
  });
  await once(socket, 'close');
  return answer;
}

async function served<T>(ask: (port: number) => Promise<T>): Promise<T> {
  const router = new Router().on('GET', '/secret', () => ({ status: 200, body: { records: 'ours' } }));
  const server = createHttpServer(router, gate, () => undefined);
  server.on('upgrade', (_, socket) => socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n'));
  guardUpgrades(server, gate, '/socket.io');
  const port = await listen(server, 0, '127.0.0.1');
  try {
    return await ask(port);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const get = (headers: string) => `GET /api/v1/secret HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`;

test('[X4] the engine answers neither a rebound name, nor a page of another port, nor the dashboard of another Millrace', () =>
  served(async (port) => {
    expect(await answerTo(port, get(`Host: evil.example:${port}\r\n`))).toMatch(/^HTTP\/1.1 403 .*host-not-allowed/s);
    const page = `Host: localhost:${port}\r\nOrigin: http://localhost:8080\r\n`;
    expect(await answerTo(port, get(page))).toMatch(/^HTTP\/1.1 403 .*origin-not-allowed/s);
    const other = `Host: localhost:${port}\r\n${instanceHeader}: instance-two\r\n`;
    expect(await answerTo(port, get(other))).toMatch(/^HTTP\/1.1 421 .*another-instance/s);
    const ours = await answerTo(port, get(`Host: localhost:${port}\r\n${instanceHeader}: instance-one\r\n`));
    expect(ours).toMatch(/^HTTP\/1.1 200 .*ours/s);
    expect(ours).toMatch(/x-content-type-options: nosniff/i);
    expect(ours).toMatch(/frame-ancestors 'none'/);
    expect(ours).toContain(`${instanceHeader}: instance-one`);
  }));

test('[X5] the socket of an upgrade that is refused, or that nobody takes, is answered and closed', () =>
  served(async (port) => {
    const upgrade = (path: string, headers: string) =>
      answerTo(port, `GET ${path} HTTP/1.1\r\n${headers}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
    expect(await upgrade('/socket.io?EIO=4', 'Host: evil.example\r\n')).toMatch(/^HTTP\/1.1 403/);
    expect(await upgrade('/socket.io?EIO=4', `Host: localhost\r\nOrigin: http://evil.example\r\n`)).toMatch(
      /^HTTP\/1.1 403/,
    );
    expect(await upgrade('/nowhere', 'Host: localhost\r\n')).toMatch(/^HTTP\/1.1 404/);
    expect(await upgrade('/socket.io?EIO=4', 'Host: localhost\r\n')).toMatch(/^HTTP\/1.1 101/);
  }));

test('a taken port is said with a way out that works', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const taken = (holder.address() as { port: number }).port;
  const server = createHttpServer(new Router(), gate, () => undefined);
  await expect(listen(server, taken, '127.0.0.1')).rejects.toThrow(
    `Port ${taken} is taken by another program; set ENGINE_PORT to another, or 0 for any`,
  );
  expect(await listen(server, 0, '127.0.0.1')).toBeGreaterThan(0);
  server.close();
  holder.close();
});
