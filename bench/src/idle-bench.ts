import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { BenchOptions } from './bench-options.ts';

const program = fileURLToPath(new URL('../../apps/engine/src/testing/idle-cost.ts', import.meta.url));

/** What apps cost that have nothing to do, on an engine of its own with Postgres and the embedded broker: shares of a core, process by process. */
export async function benchIdle({ apps }: BenchOptions): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', program, String(apps)], { stdio: 'inherit' });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`the idle apps ended with ${code}`);
}
