/** What Linux tells in /proc of another process. Elsewhere every figure is NaN, and is printed as not measured. */
import { readFileSync } from 'node:fs';

/** The unit of times in /proc (USER_HZ), which Linux holds at 100 a second on every platform. */
const ticksPerSecond = 100;

/** User and system time since its start, in seconds. */
export function cpuSecondsOf(pid: number): number {
  // The fields after the name, which stands in parentheses and may hold anything; utime and stime are the 14th and 15th of all.
  const fields = read(pid, 'stat').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** The most that was ever resident, in 10^6 bytes. */
export function peakResidentMb(pid: number): number {
  return (Number(/VmHWM:\s+(\d+) kB/.exec(read(pid, 'status'))?.[1]) * 1_024) / 1e6;
}

function read(pid: number, name: string): string {
  return process.platform === 'linux' ? readFileSync(`/proc/${pid}/${name}`, 'utf8') : '';
}
