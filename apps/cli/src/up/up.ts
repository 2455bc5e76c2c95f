import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { migrate } from '@millrace/db';
import { endLeftOvers } from './left-over.ts';
import { freePort } from './ports.ts';
import { type RunFile, readRunFile, removeRunFile, startTicks, writeRunFile } from './run-file.ts';
import { Service, type ServiceDefinition } from './service.ts';
import { brokerService, engineService, type Layout, postgresService, readyLine, webService } from './services.ts';

export interface UpOptions {
  readonly port: number;
  readonly host: string;
  readonly dev: boolean;
  readonly dataDir?: string;
}

const wanted = { postgres: 54_329, broker: 9092, engine: 3001 } as const;

/**
 * Runs everything until a signal: Postgres and the broker (unless DATABASE_URL, KAFKA_BROKERS name real ones), then the engine, then the
 * dashboard. Resolves with the exit code once all of it has ended, in the opposite order.
 */
export async function up(options: UpOptions): Promise<number> {
  const root = process.env['MILLRACE_ROOT'] ?? process.cwd();
  const dataDir = resolve(options.dataDir ?? join(root, '.millrace'));
  mkdirSync(join(dataDir, 'logs'), { recursive: true });
  const before = readRunFile(dataDir);
  if (before !== null && before.pid !== process.pid && isRunning(before)) {
    console.error(
      `Millrace already runs on this data folder, at ${before.url} (pid ${before.pid}). Stop it first, or choose another folder with --data.`,
    );
    return 1;
  }
  if (before !== null) await endLeftOvers(before, say);
  return new Supervisor({ root, dataDir, dev: options.dev, host: options.host }, options.port).run();
}

const isRunning = (run: RunFile): boolean => startTicks(run.pid) === run.supervisorTicks;

class Supervisor {
  readonly #layout: Layout;
  readonly #wantedPort: number;
  readonly #services: Service[] = [];
  readonly #taken = new Set<number>();
  #url = '';
  #kafka = '';
  #stopping: Promise<void> | null = null;

  constructor(layout: Layout, port: number) {
    this.#layout = layout;
    this.#wantedPort = port;
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
    const { host } = this.#layout;
    const port = await this.#port('dashboard', this.#wantedPort);
    this.#url = `http://${host === '127.0.0.1' ? 'localhost' : host}:${port}`;
    console.log('\n  Millrace is starting');
    const databaseUrl = process.env['DATABASE_URL'] ?? (await this.#postgres());
    this.#kafka = process.env['KAFKA_BROKERS'] ?? (await this.#broker());
    if (this.#stopping !== null) return;
    await migrate(databaseUrl, (line) => say(line));
    const enginePort = await this.#port('engine', wanted.engine);
    const env = {
      DATABASE_URL: databaseUrl,
      KAFKA_BROKERS: this.#kafka,
      ENGINE_URL: `http://127.0.0.1:${enginePort}`,
      MILLRACE_ROOT: this.#layout.root,
      MILLRACE_DATA: this.#layout.dataDir,
    };
    await this.#run(engineService(this.#layout, enginePort, env), `127.0.0.1:${enginePort}`);
    await this.#run(webService(this.#layout, port, env), this.#url);
    if (this.#stopping !== null) return;
    console.log(
      `\n  Millrace is ready at ${this.#url}\n  Data is below ${this.#layout.dataDir}. Ctrl-C stops everything.\n`,
    );
  }

  async #postgres(): Promise<string> {
    const port = await this.#port('postgres', wanted.postgres);
    const service = await this.#run(postgresService(this.#layout, port), `127.0.0.1:${port}`);
    // Its address carries a password of its own making, kept in the data folder.
    const url = readyLine(service?.lines ?? [])?.['url'];
    if (typeof url !== 'string') throw new Error('postgres started, but did not say its address');
    return url;
  }

  async #broker(): Promise<string> {
    const port = await this.#port('broker', wanted.broker);
    await this.#run(brokerService(this.#layout, port), `127.0.0.1:${port}`);
    return `127.0.0.1:${port}`;
  }

  /** Reserves a port; says so when it is not the wanted one. */
  async #port(name: string, port: number): Promise<number> {
    const found = await freePort(port, this.#layout.host, this.#taken);
    this.#taken.add(found);
    if (port !== 0 && found !== port) say(`port ${port} is taken by another program; the ${name} uses ${found}`);
    return found;
  }

  async #run(definition: ServiceDefinition, where: string): Promise<Service | undefined> {
    if (this.#stopping !== null) return undefined;
    const startedMs = Date.now();
    const service = new Service(definition, say, () => this.#writeRunFile());
    this.#services.push(service);
    await service.start();
    if (service.state === 'ready')
      console.log(
        `  ${definition.name.padEnd(10)} ${where.padEnd(24)} ready in ${((Date.now() - startedMs) / 1000).toFixed(1)} s`,
      );
    return service;
  }

  #writeRunFile(): void {
    writeRunFile(this.#layout.dataDir, {
      pid: process.pid,
      supervisorTicks: startTicks(process.pid) ?? '',
      url: this.#url,
      kafka: this.#kafka,
      services: this.#services.flatMap((service) => {
        const { pid } = service;
        return pid === undefined ? [] : [{ name: service.definition.name, pid, startTicks: startTicks(pid) ?? '' }];
      }),
    });
  }

  #stop(): Promise<void> {
    this.#stopping ??= (async () => {
      console.log('\n  Stopping …');
      for (const service of [...this.#services].reverse()) await service.stop();
      removeRunFile(this.#layout.dataDir);
      console.log('  Everything has ended.');
    })();
    return this.#stopping;
  }
}

const say = (line: string): void => console.log(`  ${line}`);
