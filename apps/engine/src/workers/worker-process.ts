import { type ChildProcess, fork } from 'node:child_process';
import type { Clock } from '@millrace/streams';
import { backOffMs } from '../back-off.ts';
import type { FromWorker, ResultOf, WorkerStatus } from '../ipc/from-worker.ts';
import type { ToWorker, WorkerRequest } from '../ipc/to-worker.ts';
import type { Log } from '../log.ts';
import type { Entry } from './entries.ts';
import { WorkerError, workerErrorCode } from './worker-error.ts';

export interface WorkerListener {
  /** It is up and runs nothing yet: at the first start, and at each one after it died. */
  ready(worker: WorkerProcess): void;
  /** It died; what it ran is taken over by others, or waits until it is back. */
  down(worker: WorkerProcess): void;
  status(worker: WorkerProcess, status: WorkerStatus): void;
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
/** A worker tells its status four times a second; one that has been silent for so long is stuck, and would hold its partitions for ever. */
const silentForMs = 20_000;

/** One worker: a child process that is started again, with back-off, whenever it ends unasked. */
export class WorkerProcess {
  readonly id: string;
  readonly #entry: Entry;
  readonly #env: Readonly<Record<string, string>>;
  readonly #listener: WorkerListener;
  readonly #clock: Clock;
  readonly #log: Log;
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

  constructor(
    id: string,
    entry: Entry,
    env: Readonly<Record<string, string>>,
    listener: WorkerListener,
    clock: Clock,
    log: Log,
  ) {
    this.id = id;
    this.#entry = entry;
    this.#env = env;
    this.#listener = listener;
    this.#clock = clock;
    this.#log = log;
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
    this.#startedMs = this.#clock.now();
    const child = fork(this.#entry.file, [], {
      execArgv: [...this.#entry.execArgv],
      env: { ...process.env, ...this.#env, MILLRACE_WORKER_ID: this.id },
      stdio: ['ignore', 2, 2, 'ipc'], // The engine's own stdout is its supervisor's.
    });
    this.#child = child;
    child.on('message', (message) => this.#receive(message as FromWorker)); // both ends of the channel are this program
    this.#exited = new Promise((done) => {
      const ended = (how: string) => {
        if (this.#child !== child) return;
        this.#ended(how);
        done();
      };
      child.on('error', (error) => child.pid === undefined && ended(`cannot be started: ${error.message}`));
      child.once('close', (code, signal) =>
        ended(signal === null ? `ended with code ${code}` : `was ended by ${signal}`),
      );
    });
  }

  /** Throws `WorkerError`. */
  request<R extends WorkerRequest>(request: R, timeoutMs: number): Promise<ResultOf<R>> {
    const child = this.#child;
    if (child === null || this.#state !== 'running')
      return Promise.reject(new WorkerError('died', `worker ${this.id} is not up`));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = this.#clock.after(timeoutMs, () => {
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
    const timer = this.#clock.after(stopWithinMs, () => {
      this.#log(`worker ${this.id} did not end within ${stopWithinMs / 1000} s and is killed`);
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
        this.#listener.ready(this);
        return;
      case 'status':
        this.#latest = message;
        this.#watch();
        this.#listener.status(this, message);
        return;
      case 'reply': {
        const waiting = this.#settle(message.id);
        if (message.ok) waiting?.resolve(message.result);
        else waiting?.reject(new WorkerError(workerErrorCode(message.code), message.message));
      }
    }
  }

  /** Starts the count of silence anew. */
  #watch(): void {
    this.#watchdog?.cancel();
    const child = this.#child;
    this.#watchdog = this.#clock.after(silentForMs, () => {
      this.#log(`worker ${this.id} has said nothing for ${silentForMs / 1000} s and is killed`);
      child?.kill('SIGKILL');
    });
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.timer.cancel();
    return waiting;
  }

  #ended(how: string): void {
    this.#child = null;
    this.#watchdog?.cancel();
    this.#latest = null;
    this.#state = 'restarting';
    for (const id of [...this.#waiting.keys()])
      this.#settle(id)?.reject(new WorkerError('died', `worker ${this.id} ${how}`));
    this.#listener.down(this);
    if (this.#stopping) return;
    this.#failures = this.#clock.now() - this.#startedMs > steadyAfterMs ? 1 : this.#failures + 1;
    const waitMs = backOffMs(this.#failures, firstDelayMs, maxDelayMs);
    this.#log(`worker ${this.id} ${how}; starting it again in ${waitMs / 1000} s`);
    this.#respawn = this.#clock.after(waitMs, () => {
      this.#restarts += 1;
      this.start();
    });
  }
}
