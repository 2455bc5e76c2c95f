import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningBroker, startBroker } from '@millrace/broker';
import { type Database, migrate, openDatabase } from '@millrace/db';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@millrace/db/embedded';
import {
  type EngineReply,
  engineReply,
  type Frame,
  type GraphEntity,
  graphEntity,
  liveSocket,
  protocolVersion,
  tableReply,
} from '@millrace/protocol';
import { defaultDeadLetterTopic, parseJson } from '@millrace/spec';
import type { ConsumedRecord, ProducedRecord } from '@millrace/streams';
import { kafkaJsTransport } from '@millrace/transport-kafkajs';
import { io } from 'socket.io-client';

/** Long enough for a worker on a busy machine, ms. */
const shortSessionMs = 3_000;

const engineMain = join(import.meta.dirname, '..', 'main.ts');

/** A real broker and a real Postgres in a folder of their own, and engines as real processes. */
export class House {
  readonly folder: string;
  readonly broker: RunningBroker;
  readonly postgres: EmbeddedPostgres;
  readonly database: Database;
  readonly #engines = new Set<EngineProcess>();

  private constructor(folder: string, broker: RunningBroker, postgres: EmbeddedPostgres) {
    this.folder = folder;
    this.broker = broker;
    this.postgres = postgres;
    this.database = openDatabase(postgres.url);
  }

  static async build(): Promise<House> {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-engine-'));
    const [broker, postgres] = await Promise.all([
      startBroker({ port: 0, dataDir: join(folder, 'broker'), minSessionTimeoutMs: shortSessionMs }),
      startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), log: () => undefined }),
    ]);
    await migrate(postgres.url, () => undefined);
    return new House(folder, broker, postgres);
  }

  get kafka(): string {
    return `127.0.0.1:${this.broker.port}`;
  }

  async engine(workers = 1, env: Readonly<Record<string, string>> = {}): Promise<EngineProcess> {
    const engine = await EngineProcess.start({
      DATABASE_URL: this.postgres.url,
      KAFKA_BROKERS: this.kafka,
      ENGINE_PORT: '0',
      MILLRACE_WORKERS: String(workers),
      MILLRACE_ENGINE: 'test',
      // What a worker that was killed holds is free the sooner.
      KAFKA_SESSION_TIMEOUT_MS: String(shortSessionMs),
      ...env,
    });
    this.#engines.add(engine);
    return engine;
  }

  /** Creates or changes the app, and deploys it as a new version. */
  async deploy(app: string, text: string): Promise<number> {
    const stored =
      (await this.database.apps.get(app)) ??
      (await this.database.apps.create({ id: app, text, actor: 'test', message: 'made' }));
    const draft = await this.database.drafts.save({ app, text, baseRevision: stored.draft.revision });
    const deployment = await this.database.deployments.deploy({
      app,
      source: { draftRevision: draft?.revision ?? 1 },
      baseGeneration: stored.deployment?.generation ?? 0,
      message: '',
      confirmed: [],
      actor: 'test',
    });
    return deployment.version;
  }

  async produce(
    topic: string,
    values: readonly {
      readonly key: string;
      readonly value: unknown;
      readonly timestampMs: number;
      readonly partition?: number;
    }[],
  ): Promise<void> {
    await this.write(
      values.map(({ key, value, timestampMs, partition }) => ({
        topic,
        ...(partition === undefined ? {} : { partition }),
        key: Buffer.from(key),
        value: Buffer.from(JSON.stringify(value)),
        timestampMs,
      })),
    );
  }

  /** Writes records as they are. */
  async write(records: readonly ProducedRecord[]): Promise<void> {
    const transport = kafkaJsTransport({ brokers: [this.kafka] });
    const producer = transport.producer();
    producer.send(records);
    await producer.flush();
    await transport.close();
  }

  /** The headers of an app's dead letters, as texts, in the order of their offsets. */
  async deadLetters(app: string): Promise<Record<string, string>[]> {
    const topic = defaultDeadLetterTopic(app);
    const transport = kafkaJsTransport({ brokers: [this.kafka] });
    const letters: Record<string, string>[] = [];
    for await (const { records } of transport.reader().read([{ topic, partition: 0, from: 0n }])) {
      for (const { headers } of records)
        letters.push(Object.fromEntries(headers?.map(([name, value]) => [name, String(value)]) ?? []));
    }
    await transport.close();
    return letters;
  }

  /** All that a topic holds, partition by partition. */
  async records(topic: string): Promise<ConsumedRecord[]> {
    const transport = kafkaJsTransport({ brokers: [this.kafka] });
    const ends = await transport.admin().offsets(topic);
    const found: ConsumedRecord[] = [];
    const ranges = ends
      .filter(({ earliest, latest }) => earliest < latest)
      .map(({ partition, earliest, latest }) => ({ topic, partition, from: earliest, to: latest }));
    for await (const { records } of transport.reader().read(ranges)) found.push(...records);
    await transport.close();
    return found;
  }

  async tearDown(): Promise<void> {
    await Promise.all([...this.#engines].map((engine) => engine.stop()));
    await this.database.close();
    await this.broker.stop();
    await this.postgres.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** `apps/engine/src/main.ts` as the supervisor starts it. */
export class EngineProcess {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #words: readonly string[];

  private constructor(child: ChildProcess, port: number, words: readonly string[]) {
    this.#child = child;
    this.#exited = once(child, 'close');
    this.port = port;
    this.#words = words;
  }

  static async start(env: Readonly<Record<string, string>>): Promise<EngineProcess> {
    const child = spawn(process.execPath, ['--import', 'tsx', '--min-semi-space-size=16', engineMain], {
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const words: string[] = [];
    createInterface({ input: child.stderr }).on('line', (line) => {
      words.push(line);
      if (process.env['ENGINE_WORDS']) console.error(line);
    });
    const port = await new Promise<number>((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) =>
        resolve((JSON.parse(line) as { port: number }).port),
      ); // the one line it prints
      child.once('exit', () => reject(new Error(`the engine ended: ${words.join('\n')}`)));
    });
    return new EngineProcess(child, port, words);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async read(): Promise<EngineReply> {
    return engineReply.parse(await this.get('/engine'));
  }

  async get(path: string): Promise<unknown> {
    const response = await fetch(`${this.url}/api/v1${path}`);
    const body: unknown = await response.json();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(body)}`);
    return body;
  }

  /** What the dashboard's canvas is told of an app when it opens. */
  async graph(app: string): Promise<GraphEntity[]> {
    const live = io(this.url, { ...liveSocket, auth: { protocol: protocolVersion } });
    const snapshot = new Promise<Frame>((resolve) => {
      live.once('frame', (text: string) => resolve(parseJson(text) as Frame)); // the contract's
    });
    await live.emitWithAck('subscribe', { id: 'g', request: { channel: 'graph', app } });
    const { set } = await snapshot;
    live.close();
    return set.map((entity) => graphEntity.parse(entity));
  }

  async rows(
    app: string,
    table: string,
    query = 'windows=all&limit=1000',
  ): Promise<ReturnType<typeof tableReply.parse>['rows']> {
    return tableReply.parse(await this.get(`/tables/${app}/${table}?${query}`)).rows;
  }

  /** Asks until it holds; fails with the last answer and the engine's words when it takes longer. */
  async eventually<T>(ask: () => Promise<T>, holds: (answer: T) => boolean, withinMs = 45_000): Promise<T> {
    const untilMs = Date.now() + withinMs;
    for (;;) {
      let last: unknown;
      try {
        const answer = await ask();
        if (holds(answer)) return answer;
        last = answer;
      } catch (error) {
        last = error;
      }
      if (Date.now() > untilMs)
        throw new Error(
          `it never came to be; the last answer: ${last instanceof Error ? last.message : JSON.stringify(last)}\n${this.#words.join('\n')}`,
        );
      await sleep(50);
    }
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGTERM');
    await this.#exited;
  }
}
