import { rejoinReason } from '@millrace/dataflow';
import type { Problem } from '@millrace/spec';
import { type AppStatus, type Clock, type TransportAdmin, TransportError } from '@millrace/streams';
import { backOffMs } from '../back-off.ts';
import { type Log, saying } from '../log.ts';
import type { WorkerDeath } from '../workers/worker-death.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import type { WorkerProcess } from '../workers/worker-process.ts';
import { type AppEvent, type AppPhase, nextPhase } from './app-lifecycle.ts';
import { AppWorkers } from './app-workers.ts';
import { type Candidate, readCandidate } from './candidate.ts';
import { amendOwnTopics } from './own-topics.ts';
import { Quarantine } from './quarantine.ts';
import { Refusal } from './refusal.ts';
import { settleTopics } from './topics.ts';
import { Wake } from './wake.ts';

/** What should be of one app. */
export interface Target {
  readonly generation: number;
  readonly version: number;
  readonly text: string;
  readonly desired: 'running' | 'paused' | 'stopped';
  /** Set when an earlier engine has dealt with this generation: it failed, and `version` is the one before, which ran on. */
  readonly failed?: FailedVersion;
}

export interface FailedVersion {
  readonly version: number;
  readonly reason: string;
  readonly atMs: number;
}

/** What became of a generation, for the books. */
export interface Outcome {
  readonly generation: number;
  readonly outcome: 'settled' | 'failed';
  readonly runningVersion: number | null;
  readonly reason: string | null;
  readonly event?: { readonly kind: string; readonly message: string };
}

export interface AppSupervisorOptions {
  readonly app: string;
  readonly pool: Pick<WorkerPool, 'of' | 'isolate' | 'release'>;
  readonly admin: TransportAdmin;
  readonly clock: Clock;
  readonly log: Log;
  readonly report: (outcome: Outcome) => void;
  /** Something that a person should know, and that is no failure. */
  readonly notice: (words: string) => void;
}

const firstRetryMs = 500;
const maxRetryMs = 15_000;

/**
 * Makes one app be as it should: one step at a time, each deploy whole or taken back. Never throws; what goes wrong is a phase with a reason.
 * While a step waits (for Kafka, for workers) a newer target ends the wait.
 */
export class AppSupervisor {
  readonly app: string;
  readonly #options: AppSupervisorOptions;
  readonly #workers: AppWorkers;
  readonly #wake: Wake;
  #target: Target | null | undefined;
  #dealtWith = 0;
  #phase: AppPhase = 'idle';
  #sinceMs: number;
  /** The version that the workers have or are getting. */
  #current: Candidate | null = null;
  /** The newest that started. */
  #good: Candidate | null = null;
  #failedVersion: FailedVersion | null = null;
  #reason: string | null = null;
  #problems: readonly Problem[] = [];
  #failures = 0;
  #quarantine = new Quarantine();
  /** Why it is to be given up, for ending its workers. */
  #sentence: string | null = null;
  /** Workers have not heard yet of the newest suspicions. */
  #untold = false;
  #stopped = false;
  #ended: Promise<void> = Promise.resolve();

  constructor(options: AppSupervisorOptions) {
    this.app = options.app;
    this.#options = options;
    this.#wake = new Wake(options.clock);
    const { app, pool, clock, log } = options;
    this.#workers = new AppWorkers({
      app,
      all: () => pool.of(app),
      suspicions: () => this.#quarantine.suspicions,
      changed: () => this.#wake.call(),
      noticed: (words) => options.notice(words),
      clock,
      log,
    });
    this.#sinceMs = options.clock.now();
  }

  get target(): Target | null | undefined {
    return this.#target;
  }

  get phase(): AppPhase {
    return this.#phase;
  }

  get sinceMs(): number {
    return this.#sinceMs;
  }

  get reason(): string | null {
    return this.#reason;
  }

  get problems(): readonly Problem[] {
    return this.#problems;
  }

  get failedVersion(): FailedVersion | null {
    return this.#failedVersion;
  }

  /** What runs; null: nothing. */
  get running(): Candidate | null {
    return this.#current;
  }

  get workers(): AppWorkers {
    return this.#workers;
  }

  /** Why it runs in a worker of its own, in words; null: it does not. */
  get quarantine(): string | null {
    return this.#quarantine.reason;
  }

  /** A worker has ended. */
  down(worker: WorkerProcess, death: WorkerDeath): void {
    this.#workers.down(worker, death);
    if (death.flight?.app !== this.app) return;
    const sentence = this.#quarantine.note(worker.id, death, this.#options.clock.monotonic());
    this.#untold = true;
    if (sentence.kind === 'isolated') this.#options.pool.isolate(this.app);
    if (sentence.kind === 'given-up') this.#sentence = sentence.reason;
    this.#wake.call();
  }

  /** A worker says how the app does. */
  status(worker: WorkerProcess, version: number, status: AppStatus): void {
    this.#workers.status(worker, version, status);
    this.#quarantine.told(status);
    if (this.#quarantine.isOver(this.#options.clock.monotonic())) this.#wake.call();
  }

  start(): void {
    this.#ended = this.#loop();
  }

  /** Says what should be; null: the app was deleted. */
  desire(target: Target | null): void {
    if (target === this.#target) return;
    this.#target = target;
    this.#workers.interrupt();
    this.#wake.call();
  }

  /** Tries at once what waits for Kafka. */
  retryNow(): void {
    this.#wake.call();
  }

  /** Ends the loop; what runs on the workers goes on. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#workers.interrupt();
    this.#wake.call();
    await this.#ended;
  }

  #move(event: AppEvent, reason: string | null = null): void {
    const before = this.#phase;
    this.#phase = nextPhase(before, event);
    this.#reason = reason;
    if (this.#phase !== before) this.#sinceMs = this.#options.clock.now();
  }

  async #loop(): Promise<void> {
    while (!this.#stopped) {
      const target = this.#target;
      try {
        if (target === null) {
          // A new app of this name starts again at generation 1.
          this.#dealtWith = 0;
          if (this.#phase === 'idle') await this.#wake.sleep();
          else await this.#halt();
          continue;
        }
        if (target !== undefined && target.generation !== this.#dealtWith) await this.#deal(target);
        else if (this.#ending !== null && this.#current !== null) await this.#giveUp(this.#ending);
        else if (this.#untold) await this.#tellSuspicions();
        else if (this.#quarantine.isOver(this.#options.clock.monotonic())) await this.#rejoinOthers();
        else if (this.#current !== null && this.#workers.anyWithout(this.#current.version))
          await this.#workers.bringUp(this.#current, this.#phase === 'paused');
        else await this.#wake.sleep();
      } catch (error) {
        this.#options.log(`${this.app}: ${saying(error)}; tried again`);
        await this.#wake.sleep(backOffMs(++this.#failures, firstRetryMs, maxRetryMs));
      }
    }
  }

  /** Why what runs can't go on. */
  get #ending(): string | null {
    return this.#sentence ?? this.#workers.broken;
  }

  async #tellSuspicions(): Promise<void> {
    this.#untold = false;
    await this.#workers.suspect();
  }

  /** It is past what ended its workers: it goes back among the others. */
  async #rejoinOthers(): Promise<void> {
    this.#options.log(`${this.app}: runs among the others again`);
    await this.#workers.stop();
    await this.#acquit();
  }

  async #deal(target: Target): Promise<void> {
    if (target.failed !== undefined) this.#failedVersion = target.failed;
    if (target.desired === 'stopped') {
      await this.#halt();
      return this.#settle(target, { outcome: 'settled', runningVersion: null, reason: null });
    }
    if (
      this.#current?.version === target.version &&
      this.#good === this.#current &&
      (this.#phase === 'running' || this.#phase === 'paused')
    ) {
      await this.#workers.pause(target.desired === 'paused');
      this.#move(target.desired === 'paused' ? 'started-paused' : 'started');
      return this.#settle(target, { outcome: 'settled', runningVersion: target.version, reason: null });
    }
    if (this.#good !== null && target.desired === 'paused' && this.#failedVersion?.version === target.version) {
      // It failed before; pausing what runs in its stead is no reason to try it again.
      await this.#workers.pause(true);
      this.#move('started-paused');
      return this.#settle(target, {
        outcome: 'failed',
        runningVersion: this.#good.version,
        reason: this.#failedVersion.reason,
      });
    }
    await this.#bring(target);
  }

  async #bring(target: Target): Promise<void> {
    const fallback = this.#good;
    let touched = this.#current !== fallback;
    let how: 'start' | 'swap' = 'start';
    const waited = this.#phase === 'retrying';
    if (!waited) this.#begin();
    try {
      const paused = target.desired === 'paused';
      const read = readCandidate(this.app, target.version, target.text);
      const { candidate, said } = await settleTopics(this.#options.admin, read, async () => {
        touched = true;
        await this.#workers.stop();
        this.#current = null;
      });
      if (waited) this.#begin();
      await amendOwnTopics(this.#options.admin, candidate.dataflow);
      await this.#workers.gathered(() => this.#moved(target));
      if (this.#current?.version === candidate.version) {
        // Its start was cut short by this newer target: the workers have it already.
        await this.#workers.pause(paused);
      } else {
        await this.#workers.prepare(candidate);
        if (this.#moved(target)) return;
        how = this.#howTo(candidate);
        touched = true;
        this.#current = candidate;
        await this.#workers.deploy(candidate, how, paused);
      }
      if (!(await this.#workers.started(candidate, paused, () => this.#moved(target)))) return;
      this.#good = candidate;
      this.#failures = 0;
      this.#move(target.desired === 'paused' ? 'started-paused' : 'started');
      this.#problems = [];
      if (target.failed === undefined) this.#failedVersion = null;
      this.#options.log(`${this.app}: v${candidate.version} runs (${how})`);
      const event = { kind: 'version-started', message: [`v${candidate.version} runs`, ...said].join('; ') };
      this.#settle(target, {
        outcome: 'settled',
        runningVersion: candidate.version,
        reason: null,
        ...(target.failed === undefined ? { event } : {}),
      });
    } catch (error) {
      if (error instanceof TransportError && error.retriable) return this.#waitForKafka(target, error);
      const refusal = error instanceof Refusal ? error : new Refusal(saying(error));
      await this.#refuse(target, refusal, fallback, touched);
    }
  }

  #begin(): void {
    this.#move(this.#current === null ? 'deploy' : 'change');
  }

  /** Kafka is away. The target stays to be dealt with. */
  async #waitForKafka(target: Target, error: TransportError): Promise<void> {
    if (this.#reason !== error.message)
      this.#options.log(`${this.app}: v${target.version} waits for Kafka: ${error.message}`);
    this.#move('unreachable', error.message);
    await this.#wake.sleep(backOffMs(++this.#failures, firstRetryMs, maxRetryMs));
  }

  async #refuse(target: Target, refusal: Refusal, fallback: Candidate | null, touched: boolean): Promise<void> {
    this.#options.log(`${this.app}: ${refusal.message}`);
    this.#failedVersion = { version: target.version, reason: refusal.message, atMs: this.#options.clock.now() };
    this.#problems = refusal.problems;
    if (fallback === null) {
      await this.#workers.stop();
      await this.#acquit();
      this.#current = null;
      this.#move('refused', refusal.message);
    } else {
      if (touched) await this.#fallBackTo(fallback, target);
      else this.#move(target.desired === 'paused' ? 'started-paused' : 'started');
    }
    const runningVersion = this.#current?.version ?? null;
    const goesOn = runningVersion === null ? '' : `; v${runningVersion} goes on running`;
    const event = {
      kind: 'version-failed',
      message: `v${target.version} failed to start${goesOn}: ${refusal.message}`,
    };
    this.#settle(target, { outcome: 'failed', runningVersion, reason: refusal.message, event });
  }

  /** Whether a version takes the current one's place at a batch boundary. */
  #howTo({ dataflow }: Candidate): 'start' | 'swap' {
    return this.#current !== null && rejoinReason(this.#current.dataflow, dataflow) === null ? 'swap' : 'start';
  }

  async #fallBackTo(fallback: Candidate, target: Target): Promise<void> {
    this.#move('fall-back');
    const how = this.#howTo(fallback);
    this.#current = fallback;
    try {
      await this.#workers.prepare(fallback);
      await this.#workers.deploy(fallback, how, target.desired === 'paused');
      await this.#workers.started(fallback, target.desired === 'paused', () => this.#moved(target));
      this.#move(target.desired === 'paused' ? 'started-paused' : 'started');
    } catch (error) {
      await this.#workers.stop();
      this.#current = null;
      this.#good = null;
      this.#move('refused', `v${fallback.version} could not be brought back: ${saying(error)}`);
    }
  }

  /** The running version failed for good, by its own policy: it stops everywhere. */
  async #giveUp(reason: string): Promise<void> {
    const version = this.#current?.version ?? 0;
    this.#options.log(`${this.app}: v${version} stopped itself: ${reason}`);
    await this.#workers.stop();
    await this.#acquit();
    this.#current = null;
    this.#good = null;
    this.#move('broke', reason);
    this.#options.report({
      generation: this.#dealtWith,
      outcome: 'failed',
      runningVersion: null,
      reason,
      event: { kind: 'app-failed', message: `v${version} stopped itself: ${reason}` },
    });
  }

  async #halt(): Promise<void> {
    this.#move('stop');
    await this.#workers.stop();
    await this.#acquit();
    this.#current = null;
    this.#good = null;
    this.#problems = [];
    this.#move('stopped');
  }

  /** Nothing of it runs: what comes next begins with a clean sheet. */
  async #acquit(): Promise<void> {
    this.#quarantine = new Quarantine();
    this.#sentence = null;
    await this.#options.pool.release(this.app);
  }

  #moved(target: Target): boolean {
    return this.#stopped || this.#target !== target;
  }

  #settle(target: Target, outcome: Omit<Outcome, 'generation'>): void {
    this.#dealtWith = target.generation;
    if (target.failed === undefined) this.#options.report({ generation: target.generation, ...outcome });
  }
}
