import { type Database, openDatabase } from '@millrace/db';
import type { EngineReply } from '@millrace/protocol';
import type { Clock, Transport } from '@millrace/streams';
import { kafkaJsTransport } from '@millrace/transport-kafkajs';
import type { EngineConfig } from './config.ts';
import { Reconciler } from './deploy/reconciler.ts';
import { appEntity } from './figures/app-entity.ts';
import { engineEntity } from './figures/engine-entity.ts';
import { FailedLags } from './figures/failed-lags.ts';
import { Workspace } from './figures/workspace.ts';
import { Generators } from './generators/generators.ts';
import { Health } from './health/health.ts';
import { Gate } from './http/gate.ts';
import { Router } from './http/router.ts';
import { routes } from './http/routes.ts';
import { createHttpServer, listen } from './http/server.ts';
import { openFeed } from './live/channels/open-feed.ts';
import { LiveHub } from './live/hub.ts';
import type { Log } from './log.ts';
import { ProcessLoad } from './process-load.ts';
import { DeclaredTopics } from './queries/declared-topics.ts';
import { TableQueries } from './queries/table-queries.ts';
import { TopicQueries } from './queries/topic-queries.ts';
import type { Entries } from './workers/entries.ts';
import { WorkerPool } from './workers/worker-pool.ts';

export interface EngineOptions {
  readonly config: EngineConfig;
  readonly entries: Entries;
  /** For the children: where Kafka is, among others. */
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly log: Log;
}

/** A running engine's control process: reconciles, supervises its workers, answers. */
export interface Engine {
  readonly port: number;
  /** Ends generators, workers (in order: flush, commit, leave) and connections. Idempotent. */
  stop(): Promise<void>;
}

/** Resolves when it listens; Kafka and Postgres may be away, then and later. Rejects when its port is taken. */
export async function startEngine({ config, entries, env, clock, log }: EngineOptions): Promise<Engine> {
  const startedMs = clock.now();
  const database: Database = openDatabase(config.databaseUrl);
  const transport: Transport = kafkaJsTransport({ ...config.kafka, clientId: `${config.name}-control` });
  const admin = transport.admin();
  const pool = new WorkerPool({
    engine: config.name,
    count: config.workerCount,
    watchdogMs: config.watchdogMs,
    entry: entries.worker,
    env,
    clock,
    log,
  });
  const reconciler = new Reconciler({
    engine: config.name,
    database,
    databaseUrl: config.databaseUrl,
    pool,
    admin,
    clock,
    log,
  });
  const workspace = new Workspace(reconciler, pool, clock);
  const health = new Health({
    admin,
    brokers: config.kafka.brokers,
    database,
    dataDir: config.dataDir,
    clock,
    log,
  });
  const load = new ProcessLoad(clock);
  const declared = new DeclaredTopics(workspace);
  const failedLags = new FailedLags(workspace, admin, clock, (app) => declared.documentOf(app));
  const topics = new TopicQueries({ admin, transport, declared, clock });
  const tables = new TableQueries({ workspace, pool, transport, admin, clock });
  const generators = new Generators({ entry: entries.generator, env, admin, declared, clock, log });
  const read = (): EngineReply => ({
    ...(config.instance === null ? {} : { instance: config.instance }),
    engine: engineEntity(config.name, startedMs, load, pool, workspace),
    health: [...health.entities],
    apps: workspace.apps().map(appEntity),
  });

  const gate = new Gate(config.instance, config.allowedHosts);
  const router = new Router();
  const retryNow = () => {
    reconciler.retryNow();
    void health.askNow(); // never rejects
  };
  routes(router, { state: { read, retryNow }, topics, tables, generators });
  const server = createHttpServer(router, gate, log);
  const hub = new LiveHub(server, gate, openFeed({ read, workspace, topics, tables, generators, clock }), clock, log);
  const port = await listen(server, config.port, config.host);

  pool.start();
  reconciler.start();
  workspace.start();
  failedLags.start();
  health.start();

  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    const closed = hub.close();
    server.closeAllConnections();
    await closed;
    await generators.stop();
    health.stop();
    workspace.stop();
    failedLags.stop();
    await reconciler.stop();
    await pool.stop();
    topics.close();
    await transport.close();
    await database.close();
  };
  return { port, stop: () => (stopping ??= stop()) };
}
