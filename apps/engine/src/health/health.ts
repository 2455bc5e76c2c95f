import type { Database } from '@millrace/db';
import type { HealthEntity } from '@millrace/protocol';
import type { Clock, TransportAdmin } from '@millrace/streams';
import type { Log } from '../log.ts';
import { DiskHealth } from './disk-health.ts';
import { Probe } from './probe.ts';

export interface HealthOptions {
  readonly admin: TransportAdmin;
  readonly brokers: readonly string[];
  readonly database: Database;
  /** Where the embedded Postgres and broker write; null: Millrace writes to no disk of this machine. */
  readonly dataDir: string | null;
  readonly clock: Clock;
  readonly log: Log;
}

/** How Kafka, Postgres and the disk are, as this engine sees them. */
export class Health {
  readonly #probes: readonly (Probe | DiskHealth)[];

  constructor({ admin, brokers, database, dataDir, clock, log }: HealthOptions) {
    const kafka = async () => ({ brokers: (await admin.describeCluster()).brokers.length });
    const postgres = async () => {
      await database.ping();
      return {};
    };
    this.#probes = [
      new Probe({ id: 'health:kafka', name: 'Kafka', addresses: brokers, ask: kafka, clock, log }),
      new Probe({ id: 'health:postgres', name: 'Postgres', addresses: [database.address], ask: postgres, clock, log }),
      ...(dataDir === null ? [] : [new DiskHealth(dataDir, clock)]),
    ];
  }

  get entities(): readonly HealthEntity[] {
    return this.#probes.flatMap(({ entity }) => entity ?? []);
  }

  start(): void {
    for (const probe of this.#probes) probe.start();
  }

  /** Asks all at once. Never rejects. */
  async askNow(): Promise<void> {
    await Promise.all(this.#probes.map((probe) => probe.askNow()));
  }

  stop(): void {
    for (const probe of this.#probes) probe.stop();
  }
}
