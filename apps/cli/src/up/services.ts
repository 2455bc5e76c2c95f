import { join } from 'node:path';
import type { Ready, ServiceDefinition } from './service.ts';

/** Where things stand: the checkout, and whether source (through tsx) or bundles run. */
export interface Layout {
  readonly root: string;
  readonly dataDir: string;
  readonly dev: boolean;
  readonly host: string;
}

/** What a start of a process takes from the supervisor: a free port, asked for anew each time, and the others' addresses as they are by then. */
export interface Wiring {
  readonly prepare: () => Promise<void>;
  readonly port: () => number;
  readonly env: () => Readonly<Record<string, string>>;
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

/** `{"ready":true,"port":…}`, as our own processes print it. */
export function readyInJson(line: string): Ready | undefined {
  if (!line.startsWith('{"ready":true')) return undefined;
  const { port, url } = JSON.parse(line) as { readonly port: number; readonly url?: string }; // as: a line that starts so is ours
  return { port, ...(url === undefined ? {} : { url }) };
}

/** `listening on 127.0.0.1:9092, cluster …, data in …`, as the broker says it to people. */
export function readyInWords(line: string): Ready | undefined {
  const [, port, clusterId] = /^listening on \S+:(\d+), cluster (\S+), data in /.exec(line) ?? [];
  return port === undefined || clusterId === undefined ? undefined : { port: Number(port), clusterId };
}

export function postgresService(layout: Layout, { prepare, port, env }: Wiring): ServiceDefinition {
  const entry = nodeArgs(layout, {
    bundle: 'apps/cli/dist/postgres.mjs',
    source: 'packages/db/src/embedded/main.ts',
  });
  return {
    name: 'postgres',
    prepare,
    args: () => [...entry, '--data', join(layout.dataDir, 'postgres'), '--port', String(port())],
    env,
    logFile: logFile(layout, 'postgres'),
    readyIn: readyInJson,
    readyWithinMs: 60_000,
    stopWithinMs: 20_000,
  };
}

export function brokerService(layout: Layout, { prepare, port, env }: Wiring): ServiceDefinition {
  const entry = nodeArgs(layout, { bundle: 'packages/broker/dist/main.mjs', source: 'packages/broker/src/main.ts' });
  return {
    name: 'broker',
    prepare,
    args: () => [...entry, '--with-parent', '--port', String(port()), '--data', join(layout.dataDir, 'broker')],
    env,
    logFile: logFile(layout, 'broker'),
    readyIn: readyInWords,
    readyWithinMs: 60_000,
    stopWithinMs: 10_000,
  };
}

/** MB. Node begins with 1 and collects what is young again and again: of an engine whose apps are idle, that was a third of what it did. */
const engineYoungSpace = '--min-semi-space-size=16';

export function engineService(layout: Layout, { prepare, port, env }: Wiring): ServiceDefinition {
  const entry = nodeArgs(layout, { bundle: 'apps/engine/dist/main.mjs', source: 'apps/engine/src/main.ts' });
  return {
    name: 'engine',
    prepare,
    args: () => [engineYoungSpace, ...(layout.dev ? ['--watch', '--watch-preserve-output'] : []), ...entry],
    env: () => ({ ...env(), ENGINE_PORT: String(port()) }),
    logFile: logFile(layout, 'engine'),
    readyIn: readyInJson,
    readyWithinMs: 60_000,
    stopWithinMs: 15_000,
  };
}

export function webService(layout: Layout, { prepare, port, env }: Wiring): ServiceDefinition {
  const entry = nodeArgs(layout, { bundle: 'apps/web/dist/server.mjs', source: 'apps/web/server/main.ts' });
  return {
    name: 'dashboard',
    prepare,
    args: () => [...entry, ...(layout.dev ? ['--dev'] : []), '--port', String(port()), '--host', layout.host],
    env: () => ({
      ...env(),
      NODE_ENV: layout.dev ? 'development' : 'production',
      NEXT_TELEMETRY_DISABLED: '1',
    }),
    logFile: logFile(layout, 'dashboard'),
    readyIn: readyInJson,
    readyWithinMs: 120_000,
    stopWithinMs: 10_000,
  };
}
