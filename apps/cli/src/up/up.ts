import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { migrate } from '@millrace/db';
import { takeDataFolder } from './data-folder.ts';
import { DiskWatch } from './disk-watch.ts';
import { endLeftOvers } from './left-over.ts';
import { freePort, isFree } from './ports.ts';
import { readRunFile, removeRunFile, startTicks, writeRunFile } from './run-file.ts';
import { type Ready, Service, type ServiceDefinition } from './service.ts';
import { brokerService, engineService, type Layout, postgresService, type Wiring, webService } from './services.ts';

/** By process; 0 lets the system choose. */
export interface Ports {
  readonly dashboard: number;
  readonly engine: number;
  readonly broker: number;
  readonly postgres: number;
}

export interface UpOptions {
  readonly ports: Ports;
  readonly host: string;
  readonly dev: boolean;
  readonly dataDir?: string;
}

type Name = keyof Ports;

/** Who is told an address when it changes, by being started again with it. */
const dependents: Readonly<Record<Name, readonly Name[]>> = {
  postgres: ['engine', 'dashboard'],
  broker: ['engine'],
  engine: ['dashboard'],
  dashboard: [],
};
const flags: Readonly<Record<Name, string>> = {
  postgres: '--postgres-port',
  broker: '--broker-port',
  engine: '--engine-port',
  dashboard: '--port',
};
const startAttempts = 5;
const runFileAgainMs = 5_000;

/**
 * Runs everything until a signal: Postgres and the broker (unless DATABASE_URL, KAFKA_BROKERS name real ones), then the engine, then the
 * dashboard. Resolves with the exit code once all of it has ended, in the opposite order. Throws a `CommandError` where the data folder cannot be had.
 */
export async function up(options: UpOptions): Promise<number> {
  // What is written below the data folder is its owner's: records, passwords, logs.
  process.umask(0o077);
  // A terminal that is gone, or a full disk behind a redirection, takes no words; that ends nothing.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const root = process.env['MILLRACE_ROOT'] ?? process.cwd();
  const dataDir = resolve(options.dataDir ?? join(root, '.millrace'));
  const release = await takeDataFolder(dataDir);
  try {
    const before = readRunFile(dataDir);
    if (before !== null) await endLeftOvers(before, say);
    return await new Supervisor({ root, dataDir, dev: options.dev, host: options.host }, options.ports).run();
  } finally {
    await release();
  }
}

class Supervisor {
  readonly #layout: Layout;
  readonly #wanted: Ports;
  readonly #services = new Map<Name, Service>();
  /** Where each is, or is about to be. */
  readonly #ports = new Map<Name, number>();
  /** Names this Millrace to its parts, so that none of them takes another's for its own. */
  readonly #instance = randomBytes(16).toString('hex');
  readonly #disk: DiskWatch;
  #databaseUrl = process.env['DATABASE_URL'] ?? '';
  #kafka = process.env['KAFKA_BROKERS'] ?? '';
  #clusterId = process.env['KAFKA_CLUSTER_ID'] ?? '';
  /** The address of each as the others know it. */
  readonly #told = new Map<Name, string>();
  #runFileFails = false;
  #stopping: Promise<void> | null = null;

  constructor(layout: Layout, wanted: Ports) {
    this.#layout = layout;
    this.#wanted = wanted;
    this.#disk = new DiskWatch(layout.dataDir, say);
  }

  async run(): Promise<number> {
    const signalled = new Promise<void>((done) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, done);
    });
    const stopped = signalled.then(() => this.#stop());
    try {
      await this.#start();
    } catch (error) {
      if (this.#stopping === null) {
        console.error(`\n  ${error instanceof Error ? error.message : String(error)}\n`);
        await this.#stop();
        return 1;
      }
    }
    await stopped;
    return 0;
  }

  async #start(): Promise<void> {
    // First, so that it keeps the port that people know, though it starts last.
    await this.#takePort('dashboard');
    this.#writeRunFile();
    console.log('\n  Millrace is starting');
    this.#disk.start();
    if (this.#databaseUrl === '') await this.#run(postgresService(this.#layout, this.#wiring('postgres')));
    if (this.#kafka === '') await this.#run(brokerService(this.#layout, this.#wiring('broker')));
    if (this.#stopping !== null) return;
    await migrate(this.#databaseUrl, (line) => say(line));
    await this.#run(engineService(this.#layout, this.#wiring('engine')));
    await this.#run(webService(this.#layout, this.#wiring('dashboard')));
    if (this.#stopping !== null) return;
    console.log(
      `\n  Millrace is ready at ${this.#url}\n  Data is below ${this.#layout.dataDir}. Ctrl-C stops everything.\n`,
    );
  }

  get #url(): string {
    const { host } = this.#layout;
    return `http://${host === '127.0.0.1' ? 'localhost' : host}:${this.#ports.get('dashboard') ?? this.#wanted.dashboard}`;
  }

  #wiring(name: Name): Wiring {
    return {
      prepare: () => this.#takePort(name),
      port: () => this.#ports.get(name) ?? this.#wanted[name],
      env: () => (name === 'postgres' || name === 'broker' ? {} : this.#environment()),
    };
  }

  #environment(): Readonly<Record<string, string>> {
    return {
      DATABASE_URL: this.#databaseUrl,
      KAFKA_BROKERS: this.#kafka,
      ...(this.#clusterId === '' ? {} : { KAFKA_CLUSTER_ID: this.#clusterId }),
      ENGINE_URL: `http://127.0.0.1:${this.#ports.get('engine') ?? this.#wanted.engine}`,
      MILLRACE_INSTANCE: this.#instance,
      MILLRACE_ROOT: this.#layout.root,
      MILLRACE_DATA: this.#layout.dataDir,
    };
  }

  /** Keeps the port it has while it is free, else takes the next one, and says so. */
  async #takePort(name: Name): Promise<void> {
    // Its server may have outlived it on its port, and is taken over there; else it takes another by itself, and says which.
    if (name === 'postgres' && this.#told.has(name)) return;
    const port = this.#ports.get(name) ?? this.#wanted[name];
    this.#ports.delete(name);
    const found = await freePort(port, this.#hostOf(name), new Set(this.#ports.values()), flags[name]);
    this.#ports.set(name, found);
    if (port !== 0 && found !== port) say(`port ${port} is taken by another program; the ${name} uses ${found}`);
  }

  #hostOf(name: Name): string {
    return name === 'dashboard' ? this.#layout.host : '127.0.0.1';
  }

  async #run(definition: ServiceDefinition & { readonly name: string }): Promise<void> {
    if (this.#stopping !== null) return;
    const name = definition.name as Name; // The four definitions are named so.
    const startedMs = Date.now();
    const service = new Service(
      definition,
      say,
      () => this.#writeRunFile(),
      (ready) => this.#arrived(name, ready),
    );
    this.#services.set(name, service);
    for (let attempt = 1; ; attempt += 1) {
      try {
        await service.start();
        break;
      } catch (error) {
        // Somebody may take the port between our look and the process's: another Millrace that starts in the same moment.
        const port = this.#ports.get(name);
        if (attempt === startAttempts || port === undefined || (await isFree(port, this.#hostOf(name)))) throw error;
        await service.ended();
      }
    }
    if (service.state !== 'ready') return;
    const where = name === 'dashboard' ? this.#url : `127.0.0.1:${this.#ports.get(name)}`;
    console.log(`  ${name.padEnd(10)} ${where.padEnd(24)} ready in ${((Date.now() - startedMs) / 1000).toFixed(1)} s`);
  }

  /** A process says where it serves; those that were told another address before are started again with this one. */
  #arrived(name: Name, { port, url, clusterId }: Ready): void {
    this.#ports.set(name, port);
    if (name === 'postgres' && url !== undefined) this.#databaseUrl = url;
    if (name === 'broker') {
      this.#kafka = `127.0.0.1:${port}`;
      this.#clusterId = clusterId ?? '';
    }
    const before = this.#told.get(name);
    const now = this.#addressOf(name);
    if (before !== undefined && before !== now) {
      say(`the ${name} is at ${name === 'dashboard' ? this.#url : `127.0.0.1:${port}`} now`);
      for (const dependent of dependents[name]) this.#services.get(dependent)?.restart(`the ${name} has moved`);
    }
    this.#told.set(name, now);
    this.#writeRunFile();
  }

  #addressOf(name: Name): string {
    if (name === 'postgres') return this.#databaseUrl;
    return name === 'broker' ? `${this.#kafka} ${this.#clusterId}` : String(this.#ports.get(name));
  }

  /** Said once while it fails: a full disk ends nothing, and it is tried again until it is written. */
  #writeRunFile(): void {
    try {
      writeRunFile(this.#layout.dataDir, {
        pid: process.pid,
        url: this.#url,
        kafka: this.#kafka,
        services: [...this.#services].flatMap(([name, { pid }]) =>
          pid === undefined ? [] : [{ name, pid, startTicks: startTicks(pid) ?? '' }],
        ),
      });
      this.#runFileFails = false;
    } catch (error) {
      if (!this.#runFileFails)
        say(`the run file cannot be written: ${error instanceof Error ? error.message : String(error)}`);
      this.#runFileFails = true;
      setTimeout(() => this.#stopping === null && this.#writeRunFile(), runFileAgainMs).unref();
    }
  }

  #stop(): Promise<void> {
    this.#stopping ??= (async () => {
      console.log('\n  Stopping …');
      this.#disk.stop();
      for (const service of [...this.#services.values()].reverse()) await service.stop();
      removeRunFile(this.#layout.dataDir);
      console.log('  Everything has ended.');
    })();
    return this.#stopping;
  }
}

const say = (line: string): void => console.log(`  ${line}`);
