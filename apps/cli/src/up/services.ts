import { connect } from 'node:net';
import { join } from 'node:path';
import type { ServiceDefinition } from './service.ts';

/** Where things stand: the checkout, and whether source (through tsx) or bundles run. */
export interface Layout {
  readonly root: string;
  readonly dataDir: string;
  readonly dev: boolean;
  readonly host: string;
}

interface Entry {
  readonly bundle: string;
  readonly source: string;
}

function nodeArgs(layout: Layout, entry: Entry): string[] {
  return layout.dev
    ? ['--import', 'tsx', join(layout.root, entry.source)]
    : ['--enable-source-maps', join(layout.root, entry.bundle)];
}

const logFile = (layout: Layout, name: string) => join(layout.dataDir, 'logs', `${name}.log`);

/** The first line of output that says `{"ready":true, …}`. */
export function readyLine(lines: readonly string[]): Record<string, unknown> | undefined {
  for (const line of lines) {
    if (!line.startsWith('{')) continue;
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed === 'object' && parsed !== null && 'ready' in parsed) return parsed as Record<string, unknown>; // An object with `ready`, just seen.
  }
  return undefined;
}

export function postgresService(layout: Layout, port: number): ServiceDefinition {
  return {
    name: 'postgres',
    args: [
      ...nodeArgs(layout, { bundle: 'apps/cli/dist/postgres.mjs', source: 'packages/db/src/embedded/main.ts' }),
      '--data',
      join(layout.dataDir, 'postgres'),
      '--port',
      String(port),
    ],
    env: {},
    logFile: logFile(layout, 'postgres'),
    isReady: async (lines) => readyLine(lines) !== undefined,
    readyWithinMs: 60_000,
    stopWithinMs: 20_000,
  };
}

export function brokerService(layout: Layout, port: number): ServiceDefinition {
  return {
    name: 'broker',
    args: [
      ...nodeArgs(layout, { bundle: 'packages/broker/dist/main.mjs', source: 'packages/broker/src/main.ts' }),
      '--port',
      String(port),
      '--data',
      join(layout.dataDir, 'broker'),
    ],
    env: {},
    logFile: logFile(layout, 'broker'),
    isReady: () => answers(port),
    readyWithinMs: 60_000,
    stopWithinMs: 10_000,
  };
}

export function engineService(layout: Layout, port: number, env: Readonly<Record<string, string>>): ServiceDefinition {
  const args = nodeArgs(layout, { bundle: 'apps/engine/dist/main.mjs', source: 'apps/engine/src/main.ts' });
  return {
    name: 'engine',
    args: layout.dev ? ['--watch', '--watch-preserve-output', ...args] : args,
    env: { ...env, ENGINE_PORT: String(port) },
    logFile: logFile(layout, 'engine'),
    isReady: async (lines) => readyLine(lines) !== undefined,
    readyWithinMs: 60_000,
    stopWithinMs: 15_000,
  };
}

export function webService(layout: Layout, port: number, env: Readonly<Record<string, string>>): ServiceDefinition {
  const next = join(layout.root, 'node_modules', 'next', 'dist', 'bin', 'next');
  return {
    name: 'dashboard',
    args: [next, layout.dev ? 'dev' : 'start', join(layout.root, 'apps', 'web'), '-p', String(port), '-H', layout.host],
    env: { ...env, NODE_ENV: layout.dev ? 'development' : 'production', NEXT_TELEMETRY_DISABLED: '1' },
    logFile: logFile(layout, 'dashboard'),
    isReady: () => healthy(`http://${layout.host}:${port}/api/v1/health`),
    readyWithinMs: 120_000,
    stopWithinMs: 10_000,
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}

async function healthy(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(10_000) })).ok;
  } catch {
    return false; // Not yet.
  }
}
