/**
 * One holder a data folder. Whoever wants it puts a claim there, an empty file whose name says which process it is, and looks at the others' claims only then: of two
 * that come in the same instant at least one sees the other, and takes its claim back. What a process left that is gone (kill -9, a power cut) counts for nothing.
 */
import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FolderInUse } from './disk.ts';

export { FolderInUse };

/** Claims of this very process: another with its pid is a leftover of an earlier container. */
const ours = new Set<string>();
const attempts = 5;
/** Two that have seen each other do not come back in the same instant again. */
const pauseAtMostMs = 100;

/** Takes `folder`, which exists, for the one `purpose` (a short word that can stand in a file's name), or throws FolderInUse; the answer gives it back. */
export async function lockFolder(folder: string, purpose: string): Promise<() => Promise<void>> {
  const root = resolve(folder);
  for (let attempt = 1; ; attempt += 1) {
    const claim = await putClaim(root, purpose);
    const other = await otherClaim(root, purpose, claim);
    if (other === undefined) return () => takeBack(claim);
    await takeBack(claim);
    if (attempt === attempts)
      throw new FolderInUse(`${folder} is held by another ${purpose}, process ${other.pid}`, other.pid);
    await sleep(Math.random() * pauseAtMostMs);
  }
}

interface Claim {
  readonly path: string;
  readonly pid: number;
  /** The process' start time as the system counts it; empty where the system does not tell. */
  readonly started: string;
}

async function putClaim(root: string, purpose: string): Promise<Claim> {
  const { pid } = process;
  const started = (await statusOf(pid))?.started ?? '';
  const path = join(root, `${purpose}.lock.${pid}.${started}.${randomBytes(8).toString('hex')}`);
  ours.add(path);
  try {
    await writeFile(path, '', { flag: 'wx' });
  } catch (error) {
    ours.delete(path);
    throw error;
  }
  return { path, pid, started };
}

async function takeBack({ path }: Claim): Promise<void> {
  await rm(path, { force: true });
  ours.delete(path);
}

/** A claim of somebody who lives; those of the dead are removed. */
async function otherClaim(root: string, purpose: string, own: Claim): Promise<Claim | undefined> {
  let living: Claim | undefined;
  for (const name of await readdir(root)) {
    const [, pid, started] = new RegExp(`^${purpose}\\.lock\\.(\\d+)\\.(\\d*)\\.`).exec(name) ?? [];
    const claim = { path: join(root, name), pid: Number(pid), started: started ?? '' };
    if (pid === undefined || claim.path === own.path) continue;
    if (await lives(claim)) living = claim;
    else await rm(claim.path, { force: true });
  }
  return living;
}

async function lives(claim: Claim): Promise<boolean> {
  if (claim.pid === process.pid) return ours.has(claim.path);
  try {
    process.kill(claim.pid, 0);
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  const status = await statusOf(claim.pid);
  // A killed process that its parent has not yet waited for is still listed; it holds nothing.
  return status === null || (!status.isZombie && (claim.started === '' || status.started === claim.started));
}

/** Linux tells when a process began, so that a reused pid is not taken for the holder; elsewhere null. */
async function statusOf(pid: number): Promise<{ readonly isZombie: boolean; readonly started: string } | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  const [state, ...rest] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  const started = rest[18];
  return state === undefined || started === undefined ? null : { isZombie: state === 'Z' || state === 'X', started };
}
