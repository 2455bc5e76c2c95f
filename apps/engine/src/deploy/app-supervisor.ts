import type { Problem } from '@millrace/spec';
import { type Clock, type TransportAdmin, TransportError } from '@millrace/streams';
import { backOffMs } from '../back-off.ts';
import { type Log, saying } from '../log.ts';
import type { WorkerProcess } from '../workers/worker-process.ts';
import { type AppEvent, type AppPhase, nextPhase } from './app-lifecycle.ts';
import { AppWorkers } from './app-workers.ts';
import { type Candidate, readCandidate, swappable } from './candidate.ts';
import { Refusal } from './refusal.ts';
import { ensureTopics } from './topics.ts';
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
  readonly workers: () => readonly WorkerProcess[];
  readonly admin: TransportAdmin;
  readonly clock: Clock;
  readonly log: Log;
  readonly report: (outcome: Outcome) => void;
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
  #stopped = false;
  #ended: Promise<void> = Promise.resolve();

  constructor(options: AppSupervisorOptions) {
    this.app = options.app;
    this.#options = options;
    this.#wake = new Wake(options.clock);
    this.#workers = new AppWorkers(options.app, options.workers, () => this.#wake.call(), options.clock, options.log);
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
        else if (this.#workers.broken !== null && this.#current !== null) await this.#giveUp(this.#workers.broken);
        else if (this.#current !== null && this.#workers.anyWithout(this.#current.version))
          await this.#workers.bringUp(this.#current, this.#phase === 'paused');
        else await this.#wake.sleep();
      } catch (error) {
        this.#options.log(`${this.app}: ${saying(error)}; tried again`);
        await this.#wake.sleep(backOffMs(++this.#failures, firstRetryMs, maxRetryMs));
      }
    }
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
      const candidate = readCandidate(this.app, target.version, target.text);
      await ensureTopics(this.#options.admin, candidate.topology);
      if (waited) this.#begin();
      await this.#workers.gathered(() => this.#moved(target));
      if (this.#current?.version === candidate.version) {
        // Its start was cut short by this newer target: the workers have it already.
        await this.#workers.pause(paused);
      } else {
        await this.#workers.prepare(candidate);
        if (this.#moved(target)) return;
        how = this.#current !== null && swappable(this.#current.topology, candidate.topology) ? 'swap' : 'start';
        touched = true;
        this.#current = candidate;
        await this.#workers.deploy(candidate, how, paused);
      }
      if (!(await this.#workers.started(candidate.version, () => this.#moved(target)))) return;
      this.#good = candidate;
      this.#failures = 0;
      this.#move(target.desired === 'paused' ? 'started-paused' : 'started');
      this.#problems = [];
      if (target.failed === undefined) this.#failedVersion = null;
      this.#options.log(`${this.app}: v${candidate.version} runs (${how})`);
      const event = { kind: 'version-started', message: `v${candidate.version} runs` };
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

  async #fallBackTo(fallback: Candidate, target: Target): Promise<void> {
    this.#move('fall-back');
    const how = this.#current !== null && swappable(this.#current.topology, fallback.topology) ? 'swap' : 'start';
    this.#current = fallback;
    try {
      await this.#workers.prepare(fallback);
      await this.#workers.deploy(fallback, how, target.desired === 'paused');
      await this.#workers.started(fallback.version, () => this.#moved(target));
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
    this.#current = null;
    this.#good = null;
    this.#problems = [];
    this.#move('stopped');
  }

  #moved(target: Target): boolean {
    return this.#stopped || this.#target !== target;
  }

  #settle(target: Target, outcome: Omit<Outcome, 'generation'>): void {
    this.#dealtWith = target.generation;
    if (target.failed === undefined) this.#options.report({ generation: target.generation, ...outcome });
  }
}
