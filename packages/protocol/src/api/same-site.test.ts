import { expect, test } from 'vitest';
import { allowedHostsFrom, siteRefusal } from './same-site.ts';

const code = (host: string | undefined, origin?: string, forwardedHost?: string) =>
  siteRefusal({ host, origin, forwardedHost }, allowedHostsFrom('box.lan, engine'), 'engine')?.code ?? null;

test('[X4] a request is answered as this machine or as a name that was allowed, and as no other', () => {
  for (const host of [
    'localhost:3001',
    '127.0.0.1:3001',
    '127.1.2.3',
    '[::1]:3001',
    'app.localhost',
    'box.lan:3000',
    'ENGINE:3001',
  ])
    expect(code(host)).toBeNull();
  for (const host of [
    undefined,
    '',
    'evil.example',
    'evil.example:3001',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '10.0.0.7',
  ])
    expect(code(host)).toBe('host-not-allowed');
});

test('[X4] a page may use what it was loaded from, to the port, and nothing else on this machine', () => {
  expect(code('localhost:3001', 'http://localhost:3001')).toBeNull();
  expect(code('127.0.0.1:3001', 'http://localhost:3000', 'localhost:3000')).toBeNull();
  for (const origin of ['http://localhost:8080', 'http://127.0.0.1:3001', 'http://evil.example', 'null', ''])
    expect(code('localhost:3001', origin)).toBe('origin-not-allowed');
  expect(code('127.0.0.1:3001', 'http://localhost:8080', 'localhost:3000')).toBe('origin-not-allowed');
});
