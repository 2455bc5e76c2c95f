import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Measurement } from './measurement.ts';
import { profiling } from './profiling.ts';

/** Runs one contender in a process of its own and returns what it measured: the JSON of its last line. */
export async function run<Measured = Measurement>(file: string, args: readonly string[]): Promise<Measured> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(process.execPath, [...profiling, '--import', 'tsx', path, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const [code] = await once(child, 'close');
  const line = said.trim().split('\n').at(-1) ?? '';
  if (code !== 0 || !/^[[{]/.test(line)) throw new Error(`${file} ended with ${code}: ${said}`);
  return JSON.parse(line) as Measured; // printed by the contender
}
