import { type ChildProcess, fork } from 'node:child_process';
import type { Generator, startGenerator } from '@millrace/protocol';
import type { Clock } from '@millrace/streams';
import type { z } from 'zod';
import type { FromGenerator, ToGenerator } from '../ipc/generator-messages.ts';
import type { Log } from '../log.ts';
import type { Entry } from '../workers/entries.ts';

const stopWithinMs = 5_000;

export interface GeneratorProcessOptions {
  readonly id: string;
  readonly request: z.output<typeof startGenerator> & { readonly seed: number };
  readonly entry: Entry;
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly log: Log;
}

/** One generator's process, from its start to its end: `running`, then `done`, `stopped` or `failed` for good. */
export class GeneratorProcess {
  readonly #child: ChildProcess;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #exited: Promise<void>;
  #state: Generator;
  #stopping = false;

  constructor({ id, request, entry, env, clock, log }: GeneratorProcessOptions) {
    const { generator, topic, ratePerSecond, skew, seed, count = null } = request;
    this.#clock = clock;
    this.#log = log;
    this.#state = {
      id,
      generator,
      topic,
      ratePerSecond,
      skew,
      count,
      seed,
      state: 'running',
      reason: null,
      sent: 0,
      actualPerSecond: 0,
      startedMs: clock.now(),
    };
    const child = fork(entry.file, [], {
      execArgv: [...entry.execArgv],
      env: { ...process.env, ...env },
      stdio: ['ignore', 2, 2, 'ipc'],
    });
    this.#child = child;
    child.on('message', (message) => this.#receive(message as FromGenerator)); // both ends of the channel are this program
    this.#exited = new Promise((done) => {
      const ended = (how: string) => {
        this.#ended(how);
        done();
      };
      child.on('error', (error) => child.pid === undefined && ended(`it cannot be started: ${error.message}`));
      child.once('close', (code, signal) =>
        ended(signal === null ? `its process ended with code ${code}` : `its process was ended by ${signal}`),
      );
    });
    this.#send({ type: 'start', generator, topic, ratePerSecond, skew, seed, count });
  }

  get state(): Generator {
    return this.#state;
  }

  change(ratePerSecond: number, skew: number): void {
    this.#state = { ...this.#state, ratePerSecond, skew };
    this.#send({ type: 'change', ratePerSecond, skew });
  }

  /** Lets it flush what it has made, and waits for its end. Idempotent. */
  async stop(): Promise<void> {
    if (this.#state.state !== 'running') return;
    this.#stopping = true;
    this.#child.kill('SIGTERM');
    const timer = this.#clock.after(stopWithinMs, () => this.#child.kill('SIGKILL'));
    await this.#exited;
    timer.cancel();
  }

  #receive(message: FromGenerator): void {
    switch (message.type) {
      case 'progress':
        this.#state = { ...this.#state, sent: message.sent, actualPerSecond: message.actualPerSecond };
        return;
      case 'done':
        this.#state = {
          ...this.#state,
          state: this.#stopping ? 'stopped' : 'done',
          sent: message.sent,
          actualPerSecond: 0,
        };
        return;
      case 'failed':
        this.#state = {
          ...this.#state,
          state: 'failed',
          reason: message.reason,
          sent: message.sent,
          actualPerSecond: 0,
        };
        this.#log(`generator ${this.#state.id} failed: ${message.reason}`);
    }
  }

  #ended(how: string): void {
    if (this.#state.state !== 'running') return;
    this.#state = {
      ...this.#state,
      state: this.#stopping ? 'stopped' : 'failed',
      reason: this.#stopping ? null : how,
      actualPerSecond: 0,
    };
  }

  #send(message: ToGenerator): void {
    this.#child.send(message, (error) => {
      if (error !== null) this.#log(`generator ${this.#state.id} is gone: ${error.message}`);
    });
  }
}
