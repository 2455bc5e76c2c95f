/** The broker as a process of its own, to be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** Bundled once a run, as it is for production: it starts in a tenth of the time that it takes from its sources. */
let bundled: Promise<string> | undefined;

async function bundle(): Promise<string> {
  const outfile = join(await mkdtemp(join(tmpdir(), 'millrace-broker-bundle-')), 'main.mjs');
  await build({ entryPoints: [main], bundle: true, platform: 'node', format: 'esm', outfile, logLevel: 'warning' });
  return outfile;
}

export class BrokerProcess {
  readonly #child: ChildProcess;
  readonly broker: string;

  private constructor(child: ChildProcess, broker: string) {
    this.#child = child;
    this.broker = broker;
  }

  /** Rejects with what it said when it exits before it listens. */
  static async start(dataDir: string, port = 0, flags: readonly string[] = []): Promise<BrokerProcess> {
    bundled ??= bundle();
    const args = [await bundled, '--port', String(port), '--data', dataDir, ...flags];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    return new Promise((resolve, reject) => {
      let said = '';
      const listen = (chunk: Buffer) => {
        said += chunk.toString();
        const address = /listening on (\S+),/.exec(said)?.[1];
        if (address !== undefined) resolve(new BrokerProcess(child, address));
      };
      child.stdout?.on('data', listen);
      child.stderr?.on('data', listen);
      child.once('exit', (code) => reject(new Error(`exit ${code}: ${said}`)));
    });
  }

  get port(): number {
    return Number(this.broker.split(':')[1]);
  }

  /** SIGKILL by default: no chance to save anything. */
  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<number | null> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return this.#child.exitCode;
    const exit = once(this.#child, 'exit');
    this.#child.kill(signal);
    await exit;
    return this.#child.exitCode;
  }
}
