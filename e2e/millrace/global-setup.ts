import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMillrace } from './millrace.ts';

/**
 * One Millrace for all tests; its address and data folder travel by environment. Returns the tear-down. Where MILLRACE_URL and MILLRACE_E2E_DATA
 * are set already, the one that runs there is used, and left running.
 */
export default async function setup(): Promise<() => Promise<void>> {
  if (process.env['MILLRACE_URL'] !== undefined && process.env['MILLRACE_E2E_DATA'] !== undefined)
    return async () => undefined;
  const dataDir = mkdtempSync(join(tmpdir(), 'millrace-e2e-'));
  const millrace = await startMillrace(dataDir);
  process.env['MILLRACE_URL'] = millrace.url;
  process.env['MILLRACE_E2E_DATA'] = dataDir;
  return async () => {
    await millrace.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
