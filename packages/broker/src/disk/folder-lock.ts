/**
 * One broker a data folder. The lock is a file that names its holder's process; a holder that is gone (kill -9, a
 * power cut) leaves a stale file, which the next broker takes over.
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { FolderInUse } from './disk.ts';

/** The folders held by this very process: the same pid in a lock file is otherwise a leftover of an earlier container. */
const heldHere = new Set<string>();

/** Takes `folder` or throws FolderInUse; the answer gives it back. */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(resolve(folder), 'broker.lock');
  if (heldHere.has(path)) throw new FolderInUse(`${folder} is held by another broker in this process`);
  heldHere.add(path);
  try {
    await takeFile(path, folder);
  } catch (error) {
    heldHere.delete(path);
    throw error;
  }
  return async () => {
    await rm(path, { force: true });
    heldHere.delete(path);
  };
}

async function takeFile(path: string, folder: string): Promise<void> {
  const claim = JSON.stringify({ pid: process.pid, started: (await statusOf(process.pid))?.started ?? null });
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      await writeFile(path, claim, { flag: 'wx' });
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const holder = parseClaim(await readFile(path, 'utf8').catch(() => ''));
    if (holder !== undefined && (await lives(holder))) {
      throw new FolderInUse(`${folder} is held by another broker, process ${holder.pid}`);
    }
    await rm(path, { force: true });
  }
  throw new FolderInUse(`${folder} is being taken by another broker`);
}

interface Claim {
  readonly pid: number;
  /** The holder's start time as the system counts it; null where the system does not tell. */
  readonly started: string | null;
}

function parseClaim(text: string): Claim | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('pid' in value) || typeof value.pid !== 'number')
      return undefined;
    return { pid: value.pid, started: 'started' in value && typeof value.started === 'string' ? value.started : null };
  } catch {
    return undefined; // A claim that was torn by a crash holds nothing.
  }
}

async function lives(claim: Claim): Promise<boolean> {
  if (claim.pid === process.pid) return false;
  try {
    process.kill(claim.pid, 0);
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  const status = await statusOf(claim.pid);
  // A killed process that its parent has not yet waited for is still listed; it holds nothing.
  return status === null || (!status.isZombie && (claim.started === null || status.started === claim.started));
}

/** Linux tells when a process began, so that a reused pid is not taken for the holder; elsewhere null. */
async function statusOf(pid: number): Promise<{ readonly isZombie: boolean; readonly started: string } | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  const [state, ...rest] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  const started = rest[18];
  return state === undefined || started === undefined ? null : { isZombie: state === 'Z' || state === 'X', started };
}
