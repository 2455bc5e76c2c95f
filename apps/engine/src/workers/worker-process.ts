import { type ChildProcess, fork } from 'node:child_process';
import { parseJson } from '@millrace/spec';
import { type Clock, placeInWords } from '@millrace/streams';
import { backOffMs } from '../back-off.ts';
import type { FromWorker, ResultOf, WorkerStatus } from '../ipc/from-worker.ts';
import type { ToWorker, WorkerRequest } from '../ipc/to-worker.ts';
import type { Log } from '../log.ts';
import { readFlight } from '../worker/flight-recorder.ts';
import type { Entry } from './entries.ts';
import { type ChildEnd, deathOf, isComputing, type WorkerDeath } from './worker-death.ts';
import { WorkerError, workerErrorCode } from './worker-error.ts';

export interface WorkerListener {
  /** It is up and runs nothing yet: at the first start, and at each one after it died. */
  ready(worker: WorkerProcess): void;
  /** It died; what it ran is taken over by others, or waits until it is back. */
  down(worker: WorkerProcess, death: WorkerDeath): void;
  status(worker: WorkerProcess, status: WorkerStatus): void;
}

export interface WorkerProcessOptions {
  readonly id: string;
  readonly entry: Entry;
  readonly env: Readonly<Record<string, string>>;
  readonly listener: WorkerListener;
  readonly clock: Clock;
  readonly log: Log;
  /** Silent for so long, ms, it is killed. */
  readonly watchdogMs: number;
  /** Where it writes down what it is at: see `FlightRecorder`. */
  readonly flightFile: string;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: WorkerError) => void;
  readonly timer: { cancel(): void };
}

const firstDelayMs = 100;
const maxDelayMs = 10_000;
/** A worker that lived this long has started well: the next death is counted as the first. */
const steadyAfterMs = 30_000;
const stopWithinMs = 8_000;

/** One worker: a child process that is started again, with back-off, whenever it ends unasked. */
export class WorkerProcess {
  readonly id: string;
  readonly #options: WorkerProcessOptions;
  readonly #waiting = new Map<number, Waiting>();
  #child: ChildProcess | null = null;
  #state: 'starting' | 'running' | 'restarting' = 'starting';
  #startedMs = 0;
  #restarts = 0;
  #failures = 0;
  #nextId = 1;
  #stopping = false;
  #exited: Promise<void> = Promise.resolve();
  #respawn: { cancel(): void } | undefined;
  #latest: WorkerStatus | null = null;
  #watchdog: { cancel(): void } | undefined;
  #stuck: ChildEnd['stuck'] = null;

  constructor(options: WorkerProcessOptions) {
    this.id = options.id;
    this.#options = options;
  }

  get state(): 'starting' | 'running' | 'restarting' {
    return this.#state;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  get startedMs(): number {
    return this.#startedMs;
  }

  get restarts(): number {
    return this.#restarts;
  }

  /** Its newest status since it started. */
  get latest(): WorkerStatus | null {
    return this.#latest;
  }

  start(): void {
    this.#startedMs = this.#options.clock.now();
    const child = fork(this.#options.entry.file, [], {
      execArgv: [...this.#options.entry.execArgv],
      env: {
        ...process.env,
        ...this.#options.env,
        MILLRACE_WORKER_ID: this.id,
        MILLRACE_FLIGHT_FILE: this.#options.flightFile,
      },
      stdio: ['ignore', 2, 2, 'ipc'], // The engine's own stdout is its supervisor's.
    });
    this.#child = child;
    child.on('message', (message) => this.#receive(message as FromWorker)); // both ends of the channel are this program
    this.#exited = new Promise((done) => {
      const ended = (death: () => WorkerDeath) => {
        if (this.#child !== child) return;
        this.#ended(death());
        done();
      };
      child.on('error', (error) => {
        if (child.pid !== undefined) return;
        ended(() => ({ how: `cannot be started: ${error.message}`, certain: false, flight: null }));
      });
      child.once('close', (code, signal) => ended(() => this.#deathOf(code, signal)));
    });
  }

  /** Throws `WorkerError`. */
  request<R extends WorkerRequest>(request: R, timeoutMs: number): Promise<ResultOf<R>> {
    const child = this.#child;
    if (child === null || this.#state !== 'running')
      return Promise.reject(new WorkerError('died', `worker ${this.id} is not up`));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = this.#options.clock.after(timeoutMs, () => {
        this.#waiting.delete(id);
        reject(
          new WorkerError('timeout', `worker ${this.id} did not answer ${request.kind} within ${timeoutMs / 1000} s`),
        );
      });
      this.#waiting.set(id, { resolve: (result) => resolve(result as ResultOf<R>), reject, timer }); // the contract of ipc/from-worker.ts
      const message: ToWorker = { id, request };
      child.send(message, (error) => {
        if (error !== null)
          this.#settle(id)?.reject(new WorkerError('died', `worker ${this.id} is gone: ${error.message}`));
      });
    });
  }

  /** Asks it to flush, commit and leave; kills it when it does not. Idempotent. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#respawn?.cancel();
    const child = this.#child;
    if (child === null) return;
    child.kill('SIGTERM');
    const timer = this.#options.clock.after(stopWithinMs, () => {
      this.#options.log(`worker ${this.id} did not end within ${stopWithinMs / 1000} s and is killed`);
      child.kill('SIGKILL');
    });
    await this.#exited;
    timer.cancel();
  }

  #receive(message: FromWorker): void {
    switch (message.type) {
      case 'ready':
        this.#state = 'running';
        this.#watch();
        this.#options.listener.ready(this);
        return;
      case 'status':
        this.#latest = message;
        this.#watch();
        this.#options.listener.status(this, message);
        return;
      case 'reply': {
        const waiting = this.#settle(message.id);
        if (message.ok) waiting?.resolve(parseJson(message.result));
        else waiting?.reject(new WorkerError(workerErrorCode(message.code), message.message));
      }
    }
  }

  /** Starts the count of silence anew. */
  #watch(): void {
    this.#watchdog?.cancel();
    const child = this.#child;
    const { clock, watchdogMs } = this.#options;
    this.#watchdog = clock.after(watchdogMs, () => {
      this.#stuck = { silentMs: watchdogMs, computing: isComputing(this.pid) };
      child?.kill('SIGKILL');
    });
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.timer.cancel();
    return waiting;
  }

  #deathOf(code: number | null, signal: NodeJS.Signals | null): WorkerDeath {
    const { heapBytes = 0, heapLimitBytes = 0 } = this.#latest ?? {};
    return deathOf(
      { code, signal, stuck: this.#stuck, heapBytes, heapLimitBytes },
      readFlight(this.#options.flightFile),
    );
  }

  #ended(death: WorkerDeath): void {
    const { how, flight } = death;
    this.#child = null;
    this.#stuck = null;
    this.#watchdog?.cancel();
    this.#latest = null;
    this.#state = 'restarting';
    for (const id of [...this.#waiting.keys()])
      this.#settle(id)?.reject(new WorkerError('died', `worker ${this.id} ${how}`));
    this.#options.listener.down(this, death);
    if (this.#stopping) return;
    this.#failures = this.#options.clock.now() - this.#startedMs > steadyAfterMs ? 1 : this.#failures + 1;
    const waitMs = backOffMs(this.#failures, firstDelayMs, maxDelayMs);
    const work = flight === null ? '' : ` at work for ${flight.app}, ${placeInWords(flight.place)}`;
    this.#options.log(`worker ${this.id} ${how}${work}; starting it again in ${waitMs / 1000} s`);
    this.#respawn = this.#options.clock.after(waitMs, () => {
      this.#restarts += 1;
      this.start();
    });
  }
}
