import type { Database } from '@millrace/db';
import type { Clock } from '@millrace/streams';
import { backOffMs } from '../back-off.ts';
import { type Log, saying } from '../log.ts';
import type { Outcome } from './app-supervisor.ts';
import { Wake } from './wake.ts';

const firstRetryMs = 500;
const maxRetryMs = 10_000;
const maxEvents = 200;

interface Event {
  readonly app: string;
  readonly kind: string;
  readonly message: string;
}

/**
 * Writes what became of each generation to Postgres, in the background and again until it is written. Of one app, only the newest outcome waits;
 * of events, the newest 200.
 */
export class Books {
  readonly #database: Database;
  readonly #actor: string;
  readonly #log: Log;
  readonly #wake: Wake;
  readonly #outcomes = new Map<string, Outcome>();
  readonly #events: Event[] = [];
  #stopped = false;
  #ended: Promise<void> = Promise.resolve();

  constructor(database: Database, engine: string, clock: Clock, log: Log) {
    this.#database = database;
    this.#actor = `engine ${engine}`;
    this.#log = log;
    this.#wake = new Wake(clock);
  }

  start(): void {
    this.#ended = this.#loop();
  }

  report(app: string, outcome: Outcome): void {
    this.#outcomes.set(app, outcome);
    if (outcome.event !== undefined) this.say({ app, ...outcome.event });
    this.#wake.call();
  }

  /** Writes an event of an app. */
  say(event: Event): void {
    this.#events.push(event);
    if (this.#events.length > maxEvents)
      this.#log(`an event of ${this.#events.shift()?.app} is left out of the books: Postgres is away for too long`);
    this.#wake.call();
  }

  /** Makes one more attempt to write what waits. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake.call();
    await this.#ended;
  }

  async #loop(): Promise<void> {
    let failures = 0;
    for (;;) {
      try {
        await this.#write();
        failures = 0;
        if (this.#stopped) return;
        await this.#wake.sleep();
      } catch (error) {
        failures += 1;
        if (failures === 1) this.#log(`the books can't be written: ${saying(error)}`);
        if (this.#stopped) return;
        await this.#wake.sleep(backOffMs(failures, firstRetryMs, maxRetryMs));
      }
    }
  }

  async #write(): Promise<void> {
    for (const [app, outcome] of [...this.#outcomes]) {
      await this.#database.deployments.observe(app, outcome.generation, outcome);
      if (this.#outcomes.get(app) === outcome) this.#outcomes.delete(app);
    }
    for (let event = this.#events[0]; event !== undefined; event = this.#events[0]) {
      await this.#database.audit.record({ ...event, actor: this.#actor });
      this.#events.shift();
    }
  }
}
