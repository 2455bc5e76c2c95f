import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { freePort } from './ports.ts';

test('a taken port is passed over for the next free one', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const taken = typeof address === 'object' && address !== null ? address.port : 0;
  expect(await freePort(taken, '127.0.0.1')).toBeGreaterThan(taken);
  server.close();
});

test('a port that another service of ours will take is passed over too', async () => {
  const first = await freePort(0, '127.0.0.1');
  expect(await freePort(first, '127.0.0.1', new Set([first]))).not.toBe(first);
});
