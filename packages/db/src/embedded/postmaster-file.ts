import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What a running server writes into its data folder (`postmaster.pid`). */
export interface PostmasterFile {
  readonly pid: number;
  readonly port: number;
  /** The server accepts connections. */
  readonly ready: boolean;
}

/** Null where there is none, or where it is not written to its end yet. */
export function readPostmasterFile(data: string): PostmasterFile | null {
  let text: string;
  try {
    text = readFileSync(join(data, 'postmaster.pid'), 'utf8');
  } catch {
    return null; // no such file: no server
  }
  const lines = text.split('\n').map((line) => line.trim());
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isInteger(pid) || pid <= 0 || !Number.isInteger(port) || port <= 0) return null;
  return { pid, port, ready: lines[7] === 'ready' };
}

export function removePostmasterFile(data: string): void {
  rmSync(join(data, 'postmaster.pid'), { force: true });
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, but another user's
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
