/** The broker as a process of its own, to be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { must } from '../src/assert.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** Bundled once a run, as it is for production: it starts in a tenth of the time that it takes from its sources. */
let bundled: Promise<string> | undefined;

async function bundle(): Promise<string> {
  const outfile = join(await mkdtemp(join(tmpdir(), 'millrace-broker-bundle-')), 'main.mjs');
  await build({ entryPoints: [main], bundle: true, platform: 'node', format: 'esm', outfile, logLevel: 'warning' });
  return outfile;
}

async function launch(dataDir: string, port: number, flags: readonly string[]) {
  bundled ??= bundle();
  const args = [await bundled, '--port', String(port), '--data', dataDir, ...flags];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
}

export class BrokerProcess {
  readonly #child: ChildProcess;
  readonly broker: string;
  /** All that it has said so far, line by line; warnings and errors begin with their level. */
  readonly said: readonly string[];

  private constructor(child: ChildProcess, broker: string, said: readonly string[]) {
    this.#child = child;
    this.broker = broker;
    this.said = said;
  }

  /** Rejects with what it said when it exits before it listens. */
  static async start(dataDir: string, port = 0, flags: readonly string[] = []): Promise<BrokerProcess> {
    const child = await launch(dataDir, port, flags);
    return new Promise((resolve, reject) => {
      const said: string[] = [];
      const listen = (line: string) => {
        said.push(line);
        const address = /^listening on (\S+),/.exec(line)?.[1];
        if (address !== undefined) resolve(new BrokerProcess(child, address, said));
      };
      createInterface(child.stdout).on('line', listen);
      createInterface(child.stderr).on('line', listen);
      child.once('close', (code) => reject(new Error(`exit ${code}: ${said.join('\n')}`)));
    });
  }

  /** Begins to start it, and kills it after `afterMs`, wherever it has got to. */
  static async killedWhileStarting(
    dataDir: string,
    port: number,
    flags: readonly string[],
    afterMs: number,
  ): Promise<void> {
    const child = await launch(dataDir, port, flags);
    child.stdout.resume();
    child.stderr.resume();
    const exit = once(child, 'exit');
    await pause(afterMs);
    child.kill('SIGKILL');
    await exit;
  }

  get port(): number {
    return Number(this.broker.split(':')[1]);
  }

  /** Whether it is still there: it has neither ended by itself nor been ended. */
  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The most memory that it has held at any one time; undefined where the system does not tell (it does on Linux). */
  peakResidentBytes(): number | undefined {
    if (process.platform !== 'linux') return undefined;
    const status = readFileSync(`/proc/${must(this.#child.pid, 'it was started')}/status`, 'utf8');
    const peakKb = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
    return peakKb === undefined ? undefined : Number(peakKb) * 1024;
  }

  /** SIGKILL by default: no chance to save anything. */
  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<number | null> {
    if (!this.isAlive) return this.#child.exitCode;
    const exit = once(this.#child, 'exit');
    this.#child.kill(signal);
    await exit;
    return this.#child.exitCode;
  }
}
