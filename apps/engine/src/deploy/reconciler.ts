import { type Database, type DesiredDeployment, watchDeployments } from '@millrace/db';
import type { Clock, TransportAdmin } from '@millrace/streams';
import { type Log, saying } from '../log.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import { AppSupervisor, type Target } from './app-supervisor.ts';
import { Books } from './books.ts';
import { Wake } from './wake.ts';

/** Changes are notified: this is for a word that was lost. */
const pollMs = 15_000;
const pollWhenAwayMs = 1_000;

export interface ReconcilerOptions {
  readonly engine: string;
  readonly database: Database;
  readonly databaseUrl: string;
  readonly pool: WorkerPool;
  readonly admin: TransportAdmin;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Holds what runs against what should run: told of changes by Postgres, and looking every 5 s in case that is lost. While Postgres is away,
 * what runs goes on.
 */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #books: Books;
  readonly #wake: Wake;
  readonly #apps = new Map<string, AppSupervisor>();
  readonly #ending = new AbortController();
  #ended: Promise<unknown> = Promise.resolve();
  #away = false;

  constructor(options: ReconcilerOptions) {
    const { database, engine, clock, log, pool } = options;
    this.#options = options;
    this.#books = new Books(database, engine, clock, log);
    this.#wake = new Wake(clock);
    pool.listen({
      ready: (worker) => {
        for (const app of this.#apps.values()) app.workers.ready(worker);
      },
      down: (worker, death) => {
        for (const app of this.#apps.values()) app.down(worker, death);
      },
      status: (worker, { apps }) => {
        for (const { version, status } of apps) this.#apps.get(status.app)?.status(worker, version, status);
      },
    });
  }

  /** Every app that was ever deployed while this engine ran; those deleted since have no target. */
  get apps(): ReadonlyMap<string, AppSupervisor> {
    return this.#apps;
  }

  start(): void {
    this.#books.start();
    const watching = watchDeployments(this.#options.databaseUrl, () => this.#wake.call(), this.#ending.signal);
    this.#ended = Promise.all([watching, this.#loop()]);
  }

  /** Looks at Postgres, and tries what waits for Kafka, at once. */
  retryNow(): void {
    this.#wake.call();
    for (const app of this.#apps.values()) app.retryNow();
  }

  /** What runs on the workers goes on: they are ended apart. */
  async stop(): Promise<void> {
    this.#ending.abort();
    this.#wake.call();
    await this.#ended;
    await Promise.all([...this.#apps.values()].map((app) => app.stop()));
    await this.#books.stop();
  }

  async #loop(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      try {
        await this.#look();
        if (this.#away) this.#options.log('Postgres is back');
        this.#away = false;
      } catch (error) {
        if (!this.#away) this.#options.log(`${saying(error)}; what runs goes on`);
        this.#away = true;
      }
      await this.#wake.sleep(this.#away ? pollWhenAwayMs : pollMs);
    }
  }

  async #look(): Promise<void> {
    const deployments = await this.#options.database.deployments.list();
    const there = new Set(deployments.map(({ appId }) => appId));
    for (const [app, supervisor] of this.#apps) {
      if (!there.has(app)) supervisor.desire(null);
    }
    for (const deployment of deployments) await this.#desire(deployment);
  }

  async #desire(deployment: DesiredDeployment): Promise<void> {
    const known = this.#apps.get(deployment.appId);
    if (known !== undefined) {
      known.desire(known.target?.generation === deployment.generation ? known.target : targetOf(deployment));
      return;
    }
    const { admin, clock, log, pool } = this.#options;
    const app = deployment.appId;
    const supervisor = new AppSupervisor({
      app,
      pool,
      admin,
      clock,
      log,
      report: (outcome) => this.#books.report(app, outcome),
      notice: (words) => {
        log(`${app}: ${words}`);
        this.#books.say({ app, kind: 'notice', message: words });
      },
    });
    supervisor.desire(await this.#takenUp(deployment));
    this.#apps.set(app, supervisor);
    supervisor.start();
  }

  /** What an engine that has just started makes of a generation that one before it has dealt with: a version that failed is not tried again while another ran in its stead. */
  async #takenUp(deployment: DesiredDeployment): Promise<Target> {
    const { appId, generation, observedGeneration, outcome, runningVersion, version, reason } = deployment;
    if (
      generation !== observedGeneration ||
      outcome !== 'failed' ||
      runningVersion === null ||
      runningVersion === version
    )
      return targetOf(deployment);
    const before = await this.#options.database.versions.get(appId, runningVersion);
    if (before === null) return targetOf(deployment);
    const failed = { version, reason: reason ?? 'it failed to start', atMs: deployment.deployedAt.getTime() };
    return { ...targetOf(deployment), version: before.number, text: before.text, failed };
  }
}

const targetOf = ({ generation, version, text, desired }: DesiredDeployment): Target => ({
  generation,
  version,
  text,
  desired,
});
