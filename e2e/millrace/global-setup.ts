import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMillrace } from './millrace.ts';

/** One Millrace for all tests; its address and data folder travel by environment. Returns the tear-down. */
export default async function setup(): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'millrace-e2e-'));
  const millrace = await startMillrace(dataDir);
  process.env['MILLRACE_URL'] = millrace.url;
  process.env['MILLRACE_E2E_DATA'] = dataDir;
  return async () => {
    await millrace.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
