import { readFileSync } from 'node:fs';
import type { Flight } from '../worker/flight-recorder.ts';

/** What is known of a worker that has ended unasked. */
export interface WorkerDeath {
  /** In words, without the worker's name: `ran out of memory: V8's heap limit is 2,096 MB`. */
  readonly how: string;
  /** What was at work has done it; false where it may have been somebody else, with a kill from outside. */
  readonly certain: boolean;
  /** What was at work; null: nothing, or nothing is known. */
  readonly flight: Flight | null;
}

/** How a child process ended, and what its engine knew of it before. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Set when its watchdog has killed it: how long it had been silent, ms, and whether it was computing. */
  readonly stuck: { readonly silentMs: number; readonly computing: boolean } | null;
  readonly heapBytes: number;
  readonly heapLimitBytes: number;
}

/** V8 ends a process by one of these when its heap is full. */
const abortSignals: readonly string[] = ['SIGABRT', 'SIGTRAP'];
const abortCode = 134;

export function deathOf(end: ChildEnd, flight: Flight | null): WorkerDeath {
  const { code, signal, stuck } = end;
  if (stuck !== null) {
    const how = `had said nothing for ${stuck.silentMs / 1000} s${stuck.computing ? ', computing all the while,' : ''} and was killed`;
    return { how, certain: stuck.computing, flight };
  }
  if ((signal !== null && abortSignals.includes(signal)) || code === abortCode) {
    const limit = end.heapLimitBytes === 0 ? '' : `: V8's heap limit is ${megabytes(end.heapLimitBytes)}`;
    const held = end.heapBytes === 0 ? '' : `, ${megabytes(end.heapBytes)} were held at its last word`;
    return { how: `ran out of memory${limit}${held}`, certain: true, flight };
  }
  if (signal !== null) return { how: `was ended by ${signal}`, certain: !signalsOfOthers.includes(signal), flight };
  return { how: `ended with code ${code}`, certain: true, flight };
}

const signalsOfOthers: readonly string[] = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'];

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6).toLocaleString('en-US')} MB`;

/** Whether a silent process computes; a stopped or sleeping one hangs by something else than its work. True where the system does not tell. */
export function isComputing(pid: number): boolean {
  try {
    // `pid (name) state …`; the name may hold blanks and brackets.
    const [state] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1) ?? [];
    return state === 'R';
  } catch {
    return true;
  }
}
