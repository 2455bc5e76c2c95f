/** One run: load of every kind on a broker that is killed again and again at moments the seed chooses, then a reckoning. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { BrokerProcess } from '../broker-process.ts';
import { Random } from '../random.ts';
import { RawClient } from '../raw-client.ts';
import { cast } from './cast.ts';
import { checkLogLines } from './checks/log-lines.ts';
import { checkCommits } from './checks/offsets.ts';
import { reckon } from './checks/reckon.ts';
import { Ledger } from './ledger.ts';
import { brokerFlags, buildStage } from './stage.ts';

export interface RunOutcome {
  readonly seed: number;
  readonly kills: number;
  readonly writes: number;
  readonly transactions: number;
  readonly tookMs: number;
  /** What was wrong; nothing when all was right. */
  readonly faults: readonly string[];
  /** Kept when something was wrong. */
  readonly dataDir: string;
}

/** How long the load may take to come to its end on a broker that is up. */
const maxEndingMs = 30_000;
/** Enough to see what is wrong. */
const maxFaults = 20;

export async function faultRun(seed: number): Promise<RunOutcome> {
  const startedMs = Date.now();
  const dataDir = await mkdtemp(join(tmpdir(), `millrace-faults-${seed}-`));
  const random = new Random(seed);
  const ledger = new Ledger();
  const house = new House(dataDir, await freePort(random), random.fork());
  const faults: string[] = [];
  try {
    await house.start();
    await buildStage(house.broker);
    const ending = new AbortController();
    const play = Promise.all(
      cast.map((actor) =>
        actor({ broker: house.broker, random: random.fork(), ledger, ending: ending.signal }).catch((error: unknown) =>
          ledger.complain(error instanceof Error ? `${error.message}\n${error.stack}` : String(error)),
        ),
      ),
    );
    for (let kills = random.between(2, 3); kills > 0 && ledger.complaints.length === 0; kills -= 1) {
      await pause(random.between(200, 1_500));
      await house.crash();
      await house.start();
      faults.push(...(await withClient(house, (client) => checkCommits(client, ledger))));
    }
    await pause(200);
    ending.abort();
    await Promise.race([play, pause(maxEndingMs).then(() => faults.push('the load did not come to its end'))]);
    faults.push(...(await withClient(house, (client) => reckon(client, ledger))));
    // Once more after a restart: what was right must have been on disk.
    await (random.chance(50) ? house.crash() : house.stop());
    await house.start();
    faults.push(...(await withClient(house, (client) => reckon(client, ledger))));
    await house.stop();
  } catch (error) {
    faults.push(error instanceof Error ? String(error.stack) : String(error));
    await house.crash();
  }
  faults.push(...ledger.complaints, ...checkLogLines(house.said));
  if (faults.length === 0) await rm(dataDir, { recursive: true, force: true });
  return {
    seed,
    kills: house.kills,
    writes: ledger.writes.filter(({ offset }) => offset !== null).length,
    transactions: ledger.transactions.length,
    tookMs: Date.now() - startedMs,
    faults: faults.slice(0, maxFaults),
    dataDir,
  };
}

/** The broker over its lives: one folder, one port. */
class House {
  readonly broker: string;
  readonly #dataDir: string;
  readonly #port: number;
  readonly #random: Random;
  readonly #lives: BrokerProcess[] = [];
  kills = 0;

  constructor(dataDir: string, port: number, random: Random) {
    this.broker = `127.0.0.1:${port}`;
    this.#dataDir = dataDir;
    this.#port = port;
    this.#random = random;
  }

  get said(): readonly string[] {
    return this.#lives.flatMap(({ said }) => said);
  }

  async start(): Promise<void> {
    this.#lives.push(await BrokerProcess.start(this.#dataDir, this.#port, brokerFlags));
  }

  /** Kills it, and at times once more while it is starting again. Throws when it was dead already. */
  async crash(): Promise<void> {
    const life = this.#lives.at(-1);
    if (life === undefined) return;
    if (!life.isAlive) throw new Error(`the broker ended by itself: ${life.said.slice(-5).join('\n')}`);
    await life.kill();
    this.kills += 1;
    if (!this.#random.chance(30)) return;
    await BrokerProcess.killedWhileStarting(this.#dataDir, this.#port, brokerFlags, this.#random.between(50, 250));
    this.kills += 1;
  }

  async stop(): Promise<void> {
    const exitCode = await this.#lives.at(-1)?.kill('SIGTERM');
    if (exitCode !== 0) throw new Error(`it was told to stop, and ended with ${exitCode}`);
  }
}

async function withClient<T>(house: House, task: (client: RawClient) => Promise<T>): Promise<T> {
  const client = await RawClient.connect(house.broker);
  try {
    return await task(client);
  } finally {
    client.close();
  }
}

/**
 * Below the ports that connections are given: while the broker is down, one of its clients that is trying again could be given
 * the broker's own port, and be connected to itself.
 */
async function freePort(random: Random): Promise<number> {
  for (;;) {
    const port = random.between(15_000, 32_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}
