import { setTimeout as sleep } from 'node:timers/promises';
import { integer, type Random, seededRandom } from '@millrace/examples';
import { lateTopic } from '@millrace/spec';
import { kafkaJsTransport } from '@millrace/transport-kafkajs';
import type { EngineProcess, House } from '../src/testing/house.ts';
import { document, tumblingMs } from './document.ts';
import { partitions, type Sale, salesOf } from './load.ts';
import { expectedOf } from './oracle.ts';

const saleCount = 3_000;
const chunkSize = 100;
/** Between two chunks, ms. */
const pauseMs = 60;
const settleWithinMs = 90_000;

export interface RunOutcome {
  readonly seed: number;
  readonly kills: number;
  readonly deploys: number;
  /** What differs from the oracle; empty: nothing. */
  readonly faults: readonly string[];
  readonly tookMs: number;
}

/**
 * One seeded run: sales are produced while workers and the engine are killed at random and versions are deployed, before, during and behind kills. In the
 * end tables must hold what a naive computation gives, each window that closed must have been sent with its count, the last update of each
 * window must be what it holds, and nothing may be late, dropped or among the dead letters.
 */
export async function appRun(house: House, seed: number): Promise<RunOutcome> {
  const startedMs = Date.now();
  const run = new Run(house, seed);
  await run.start();
  await run.load();
  const faults = await run.check();
  await run.end();
  return { seed, kills: run.kills, deploys: run.deploys, faults, tookMs: Date.now() - startedMs };
}

class Run {
  kills = 0;
  deploys = 0;
  readonly #house: House;
  readonly #random: Random;
  readonly #app: string;
  readonly #sales: readonly Sale[];
  #engine: EngineProcess | null = null;
  #watched = false;

  constructor(house: House, seed: number) {
    this.#house = house;
    this.#random = seededRandom(seed);
    this.#app = `run-${seed}`;
    const startMs = Math.floor(Date.now() / tumblingMs) * tumblingMs - 600_000;
    this.#sales = salesOf(this.#random, saleCount, startMs);
  }

  async start(): Promise<void> {
    await this.#startEngine();
    await this.#deploy();
    await this.#running.eventually(
      () => this.#running.read(),
      ({ apps }) => apps.find(({ app }) => app === this.#app)?.status === 'running',
    );
  }

  /** Produces the sales, and does harm between the chunks. */
  async load(): Promise<void> {
    for (let from = 0; from < this.#sales.length; from += chunkSize) {
      await this.#produce(this.#sales.slice(from, from + chunkSize));
      await sleep(pauseMs);
      const dice = integer(this.#random, 100);
      if (dice >= 4 && dice < 8) await this.#deploy();
      if (dice < 12) await this.#killWorker();
      else if (dice < 20) await this.#killEngine();
      else if (dice < 28) await this.#deploy();
      if (dice >= 8 && dice < 16) await this.#deploy();
    }
    // Time goes on in every partition, so that all windows close.
    const ts = (this.#sales.at(-1)?.ts ?? 0) + 10 * tumblingMs;
    const closing = { shop: 'closing', buyer: 'closing', amount: 1, ts };
    await this.#produce(
      Array.from({ length: partitions }, () => closing),
      true,
    );
  }

  /** What differs from the oracle, once nothing does or time is up. */
  async check(): Promise<string[]> {
    const untilMs = Date.now() + settleWithinMs;
    for (;;) {
      const faults = await this.#faults().catch((error: unknown) => [String(error)]);
      if (faults.length === 0) return faults;
      if (Date.now() > untilMs) return [...faults, `the app at the end: ${await this.#condition()}`];
      await sleep(500);
    }
  }

  async end(): Promise<void> {
    await this.#house.database.deployments.desire(this.#app, 'stopped', 'test');
    await this.#engine?.stop();
  }

  /** What is said of the app, for whoever looks for a fault. */
  async #condition(): Promise<string> {
    const { apps } = await this.#running.read();
    const app = apps.find((each) => each.app === this.#app);
    return `${app?.status}, lag ${app?.lag}${app?.reason ? `, ${app.reason}` : ''}${app?.quarantine ? `, ${app.quarantine}` : ''}`;
  }

  get #running(): EngineProcess {
    if (this.#engine === null) throw new Error('Broken invariant: no engine');
    return this.#engine;
  }

  async #startEngine(): Promise<void> {
    this.#engine = await this.#house.engine(2);
  }

  async #produce(sales: readonly Sale[], toEach = false): Promise<void> {
    const records = sales.map((sale, at) => ({
      key: sale.buyer,
      value: sale,
      timestampMs: Date.now(),
      ...(toEach ? { partition: at } : {}),
    }));
    await this.#house.produce(`${this.#app}-sales`, records);
  }

  async #killWorker(): Promise<void> {
    const { engine } = await this.#running.read();
    const up = engine.workers.filter(({ state }) => state === 'running');
    const victim = up[integer(this.#random, Math.max(1, up.length))];
    if (victim === undefined) return;
    this.kills++;
    process.kill(victim.pid, 'SIGKILL');
  }

  async #killEngine(): Promise<void> {
    this.kills++;
    await this.#running.kill();
    await this.#startEngine();
  }

  async #deploy(): Promise<void> {
    this.deploys++;
    if (integer(this.#random, 3) === 0) this.#watched = !this.#watched;
    await this.#house.deploy(this.#app, document(this.#app, this.deploys, this.#watched));
  }

  async #faults(): Promise<string[]> {
    const expected = expectedOf(this.#sales);
    const faults: string[] = [];
    const differ = (what: string, id: string, want: unknown, got: unknown): void => {
      if (String(want) !== String(got)) faults.push(`${what} ${id}: ${got}, not ${want}`);
    };
    const tables = { 'by-shop': expected.byShop.size, 'by-buyer': expected.byBuyer.size };
    for (const table of ['by-shop', 'by-buyer'] as const) {
      const rows = (await this.#running.rows(this.#app, table)).filter(({ key }) => key !== 'closing');
      differ(table, 'rows', tables[table], rows.length);
      for (const { key, windowStartMs, value } of rows) {
        const id = `${key}@${windowStartMs}`;
        if (table === 'by-buyer') differ(table, id, expected.byBuyer.get(id), value['count']);
        else {
          differ(table, id, expected.byShop.get(id)?.count, value['count']);
          differ(`${table} sum`, id, expected.byShop.get(id)?.sum, value['sum']);
        }
      }
    }
    for (const topic of [
      `${this.#app}-dead-letters`,
      lateTopic(this.#app, 'by-shop'),
      lateTopic(this.#app, 'by-buyer'),
    ])
      differ(topic, 'records', 0, await this.#count(topic));
    if (faults.length > 0) return faults;

    const updates = await this.#read(`${this.#app}-updates`);
    for (const [id, { count, sum }] of expected.byShop) {
      const last = updates.get(id)?.at(-1);
      differ('last update', id, `${count} ${sum}`, `${last?.['count']} ${last?.['sum']}`);
    }
    const closed = await this.#read(`${this.#app}-closed`);
    // A crash between an emission and the end of its flush emits again: the same.
    for (const [id, count] of expected.byBuyer)
      differ('closed', id, count, [...new Set(closed.get(id)?.map((value) => value['count']))].join(' and '));
    return faults;
  }

  /** The values of a topic by `key@start`, in order. */
  async #read(topic: string): Promise<Map<string, Record<string, unknown>[]>> {
    const values = new Map<string, Record<string, unknown>[]>();
    const transport = kafkaJsTransport({ brokers: [this.#house.kafka] });
    const ranges = Array.from({ length: partitions }, (_, partition) => ({ topic, partition, from: 0n }));
    for await (const { records } of transport.reader().read(ranges)) {
      for (const { key, value } of records) {
        if (value === null) continue;
        const written = JSON.parse(value.toString()) as Record<string, unknown>; // the app's own JSON
        const id = `${key?.toString()}@${written['start']}`;
        values.set(id, [...(values.get(id) ?? []), written]);
      }
    }
    await transport.close();
    return values;
  }

  async #count(topic: string): Promise<number> {
    const transport = kafkaJsTransport({ brokers: [this.#house.kafka] });
    const offsets = await transport.admin().offsets(topic);
    await transport.close();
    return offsets.reduce((total, { earliest, latest }) => total + Number(latest - earliest), 0);
  }
}
