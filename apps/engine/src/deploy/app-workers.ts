import type { AppStatus, Clock, Notice, Suspicion } from '@millrace/streams';
import type { WorkerRequest } from '../ipc/to-worker.ts';
import type { Log } from '../log.ts';
import type { WorkerDeath } from '../workers/worker-death.ts';
import { WorkerError } from '../workers/worker-error.ts';
import type { WorkerProcess } from '../workers/worker-process.ts';
import type { Candidate } from './candidate.ts';
import { Refusal } from './refusal.ts';
import { Wake } from './wake.ts';

const prepareTimeoutMs = 10_000;
const deployTimeoutMs = 60_000;
/** A version during whose start workers die this often, of what no record explains, is what kills them. */
const maxDeathsWhileStarting = 3;

export interface AppWorkersOptions {
  readonly app: string;
  /** Those that should run it. */
  readonly all: () => readonly WorkerProcess[];
  /** Records at which the app has ended workers. */
  readonly suspicions: () => readonly Suspicion[];
  readonly changed: () => void;
  /** A worker has noticed something that a person should know. */
  readonly noticed: (words: string) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * One app on this engine's workers: which of them has which version, and what they say of it. A worker that dies loses what it had and gets the
 * version again when it is back.
 */
export class AppWorkers {
  readonly #app: string;
  readonly #all: () => readonly WorkerProcess[];
  readonly #suspicions: () => readonly Suspicion[];
  readonly #changed: () => void;
  readonly #noticed: (words: string) => void;
  readonly #log: Log;
  readonly #has = new Map<WorkerProcess, number>();
  readonly #statuses = new Map<WorkerProcess, { readonly version: number; readonly status: AppStatus }>();
  readonly #news: Wake;
  #deaths = 0;

  constructor({ app, all, suspicions, changed, noticed, clock, log }: AppWorkersOptions) {
    this.#noticed = noticed;
    this.#news = new Wake(clock);
    this.#app = app;
    this.#all = all;
    this.#suspicions = suspicions;
    this.#changed = changed;
    this.#log = log;
  }

  /** What each worker says of the version that it has. */
  get statuses(): ReadonlyMap<WorkerProcess, { readonly version: number; readonly status: AppStatus }> {
    return this.#statuses;
  }

  /** Why the app failed for good on a worker; null: it did not. */
  get broken(): string | null {
    for (const [worker, { version, status }] of this.#statuses) {
      if (status.state.kind === 'failed' && this.#has.get(worker) === version) return status.state.reason;
    }
    return null;
  }

  /** A worker is up, with nothing. */
  ready(worker: WorkerProcess): void {
    this.#forget(worker);
  }

  down(worker: WorkerProcess, { flight }: WorkerDeath): void {
    // One that died at another app's work is not this one's doing.
    if (flight === null || flight.app === this.#app) this.#deaths += 1;
    this.#forget(worker);
  }

  status(worker: WorkerProcess, version: number, status: AppStatus): void {
    const before = this.#statuses.get(worker);
    this.#statuses.set(worker, { version, status });
    this.#tell(status.notices, before?.status.notices[0]);
    if (before?.version === version && before.status.state.kind === status.state.kind) return;
    this.#news.call();
    this.#changed();
  }

  #tell(notices: readonly Notice[], last: Notice | undefined): void {
    const known = notices.findIndex(({ atMs, words }) => atMs === last?.atMs && words === last.words);
    for (const { words } of notices.slice(0, known < 0 ? notices.length : known).reverse()) this.#noticed(words);
  }

  /** A newer target came: whoever waits here looks again. */
  interrupt(): void {
    this.#news.call();
  }

  anyWithout(version: number): boolean {
    return this.#strays().length > 0 || this.#up().some((worker) => this.#has.get(worker) !== version);
  }

  /** Resolves when each worker has come up, or died, once; or at `interrupted`. */
  async gathered(interrupted: () => boolean): Promise<void> {
    while (!interrupted() && (this.#all().some(({ state }) => state === 'starting') || this.#up().length === 0))
      await this.#news.sleep();
  }

  /** Every worker compiles the version. Throws `Refusal`. */
  async prepare({ app, version, document, partitions }: Candidate): Promise<void> {
    await this.#ask(this.#up(), { kind: 'prepare', app, version, document, partitions }, prepareTimeoutMs);
  }

  /** Throws `Refusal`. */
  async deploy({ app, version }: Candidate, how: 'start' | 'swap', paused: boolean): Promise<void> {
    const workers = this.#up();
    this.#deaths = 0;
    for (const worker of workers) this.#has.set(worker, version);
    const suspicions = this.#suspicions();
    await this.#ask(workers, { kind: 'deploy', app, version, how, paused, suspicions }, deployTimeoutMs);
  }

  /** Brings a version to the workers that should have it and don't: those that died and came back, or were chosen since. Ends it on those that should not. */
  async bringUp(candidate: Candidate, paused: boolean): Promise<void> {
    const { app, version, document, partitions } = candidate;
    await this.#stopOn(this.#strays());
    const workers = this.#up().filter((worker) => this.#has.get(worker) !== version);
    for (const worker of workers) this.#has.set(worker, version);
    await this.#ask(workers, { kind: 'prepare', app, version, document, partitions }, prepareTimeoutMs);
    const suspicions = this.#suspicions();
    await this.#ask(workers, { kind: 'deploy', app, version, how: 'start', paused, suspicions }, deployTimeoutMs);
  }

  /**
   * Resolves true once every worker that has the version says that it restores, runs or is paused; false at `interrupted`.
   * Throws `Refusal` with a worker's reason where it failed, or when workers keep dying of it.
   */
  async started(candidate: Candidate, paused: boolean, interrupted: () => boolean): Promise<boolean> {
    const { version } = candidate;
    for (;;) {
      if (interrupted()) return false;
      if (this.anyWithout(version)) await this.bringUp(candidate, paused);
      if (this.#deaths >= maxDeathsWhileStarting)
        throw new Refusal(`The workers ended ${this.#deaths} times while v${version} was starting`);
      const having = this.#up().filter((worker) => this.#has.get(worker) === version);
      const kinds = having.map((worker) => {
        const said = this.#statuses.get(worker);
        if (said?.version !== version) return 'starting';
        if (said.status.state.kind === 'failed') throw new Refusal(said.status.state.reason);
        return said.status.state.kind;
      });
      if (kinds.length > 0 && kinds.every((kind) => kind === 'running' || kind === 'restoring' || kind === 'paused'))
        return true;
      await this.#news.sleep();
    }
  }

  async pause(paused: boolean): Promise<void> {
    await this.#ask(this.#up(), { kind: paused ? 'pause' : 'resume', app: this.#app }, deployTimeoutMs);
  }

  /** Tells those that run it at which records others have ended. */
  async suspect(): Promise<void> {
    const having = this.#up().filter((worker) => this.#has.has(worker));
    await this.#ask(having, { kind: 'suspect', app: this.#app, suspicions: this.#suspicions() }, deployTimeoutMs);
  }

  /** Stops it wherever it runs; a worker that can't answer has nothing of it, or is told again. */
  async stop(): Promise<void> {
    await this.#stopOn([...this.#has.keys()]);
    this.#statuses.clear();
  }

  async #stopOn(workers: readonly WorkerProcess[]): Promise<void> {
    for (const worker of workers) {
      this.#has.delete(worker);
      this.#statuses.delete(worker);
    }
    const up = workers.filter(({ state }) => state === 'running');
    await this.#ask(up, { kind: 'stop', app: this.#app }, deployTimeoutMs);
    for (const worker of workers) this.#statuses.delete(worker);
  }

  /** Those that have it and should not. */
  #strays(): readonly WorkerProcess[] {
    const all = this.#all();
    return [...this.#has.keys()].filter((worker) => !all.includes(worker));
  }

  #up(): readonly WorkerProcess[] {
    return this.#all().filter(({ state }) => state === 'running');
  }

  #forget(worker: WorkerProcess): void {
    this.#has.delete(worker);
    this.#statuses.delete(worker);
    this.#news.call();
    this.#changed();
  }

  /** Asks side by side. A worker that dies meanwhile counts as done: it is brought up again when it is back. Throws `Refusal` with the first other reason. */
  async #ask(workers: readonly WorkerProcess[], request: WorkerRequest, timeoutMs: number): Promise<void> {
    const answers = await Promise.allSettled(workers.map((worker) => worker.request(request, timeoutMs)));
    for (const answer of answers) {
      if (answer.status === 'fulfilled') continue;
      const { reason } = answer;
      if (reason instanceof WorkerError && reason.code === 'died') this.#log(`${this.#app}: ${reason.message}`);
      else throw reason instanceof WorkerError ? new Refusal(reason.message) : reason;
    }
  }
}
