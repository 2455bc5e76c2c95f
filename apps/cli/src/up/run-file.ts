import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a running `millrace up` says of itself, in `up.json` of its data folder: for the commands that look for it, and for the next start after an unclean end. */
export interface RunFile {
  readonly pid: number;
  readonly url: string;
  /** Broker addresses, as KAFKA_BROKERS has them; empty until the broker runs. */
  readonly kafka: string;
  readonly services: readonly { readonly name: string; readonly pid: number; readonly startTicks: string }[];
}

export const runFilePath = (dataDir: string): string => join(dataDir, 'up.json');

export function readRunFile(dataDir: string): RunFile | null {
  try {
    return JSON.parse(readFileSync(runFilePath(dataDir), 'utf8')) as RunFile; // Only we write it, whole.
  } catch {
    return null; // None, or cut short by a crash of the machine: then its processes are gone as well.
  }
}

/** Replaces it whole: a reader never sees half of it. */
export function writeRunFile(dataDir: string, content: RunFile): void {
  const path = runFilePath(dataDir);
  writeFileSync(`${path}.new`, JSON.stringify(content, null, 2));
  renameSync(`${path}.new`, path);
}

export const removeRunFile = (dataDir: string): void => rmSync(runFilePath(dataDir), { force: true });

/**
 * When a process was started, by the kernel's count: with the pid it names one process for good, so that a recycled pid is never taken for ours.
 * Empty where the system does not tell (then pids alone must do), null when no such process lives.
 */
export function startTicks(pid: number): string | null {
  try {
    process.kill(pid, 0);
  } catch {
    return null;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name (field 2) may hold spaces and parentheses: count from its last one. A zombie ('Z') is gone for our purposes.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : (fields[19] ?? '');
  } catch {
    return '';
  }
}
