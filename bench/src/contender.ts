import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Measurement } from './measurement.ts';

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
/** For a look at where the time goes: `BENCH_PROFILE=folder npm run bench`. */
const profile = process.env['BENCH_PROFILE'];

/** Runs one contender in a process of its own and returns what it measured. */
export async function run(file: string, args: readonly string[]): Promise<Measurement> {
  const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const child = spawn(process.execPath, [...profiling, '--import', 'tsx', here(file), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const [code] = await once(child, 'close');
  const line = said.trim().split('\n').at(-1) ?? '';
  if (code !== 0 || !line.startsWith('{')) throw new Error(`${file} ended with ${code}: ${said}`);
  return JSON.parse(line) as Measurement; // printed by `report`
}

export interface BrokerProcess {
  readonly brokers: string;
  stop(): Promise<void>;
}

/** Starts the embedded broker in a process of its own. */
export async function startBrokerProcess(dataDir: string): Promise<BrokerProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', here('broker-process.ts'), dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [first] = await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error('the embedded broker did not start'))),
  ]);
  const { brokers }: { brokers: string } = JSON.parse(String(first));
  return {
    brokers,
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
