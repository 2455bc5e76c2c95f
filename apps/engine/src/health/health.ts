import type { Database } from '@millrace/db';
import type { HealthEntity } from '@millrace/protocol';
import type { Clock, TransportAdmin } from '@millrace/streams';
import type { Log } from '../log.ts';
import { Probe } from './probe.ts';

export interface HealthOptions {
  readonly admin: TransportAdmin;
  readonly brokers: readonly string[];
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
}

/** How Kafka and Postgres are, as this engine sees them. */
export class Health {
  readonly #probes: readonly Probe[];

  constructor({ admin, brokers, database, clock, log }: HealthOptions) {
    const kafka = async () => ({ brokers: (await admin.describeCluster()).brokers.length });
    const postgres = async () => {
      await database.ping();
      return {};
    };
    this.#probes = [
      new Probe({ id: 'health:kafka', name: 'Kafka', addresses: brokers, ask: kafka, clock, log }),
      new Probe({ id: 'health:postgres', name: 'Postgres', addresses: [database.address], ask: postgres, clock, log }),
    ];
  }

  get entities(): readonly HealthEntity[] {
    return this.#probes.map(({ entity }) => entity);
  }

  start(): void {
    for (const probe of this.#probes) probe.start();
  }

  /** Asks both at once. Never rejects. */
  async askNow(): Promise<void> {
    await Promise.all(this.#probes.map((probe) => probe.askNow()));
  }

  stop(): void {
    for (const probe of this.#probes) probe.stop();
  }
}
