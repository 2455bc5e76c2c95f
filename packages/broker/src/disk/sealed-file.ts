/**
 * Small JSON files that are whole or not there: written beside, then renamed over, with a checksum in front. What a
 * crash or a person has damaged reads as absent.
 */
import { checksum } from './checksum.ts';
import type { Disk } from './disk.ts';

/** `isDurable` makes it survive a power cut too, at the price of waiting for the disk. */
export async function writeSealed(disk: Disk, path: string, value: unknown, isDurable = false): Promise<void> {
  const body = Buffer.from(JSON.stringify(value));
  const temporary = `${path}.new`;
  const file = await disk.open(temporary);
  try {
    await file.truncate(0);
    await file.append([Buffer.from(`${checksum(body)}\n`), body]);
    if (isDurable) await file.sync();
  } finally {
    await file.close();
  }
  await disk.rename(temporary, path);
}

/** The value as it was written; undefined when there is none, or when it is damaged. */
export async function readSealed(disk: Disk, path: string): Promise<unknown> {
  const bytes = await disk.readWhole(path);
  if (bytes === undefined) return undefined;
  const body = bytes.subarray(9);
  return bytes.toString('latin1', 0, 8) === checksum(body) ? JSON.parse(body.toString('utf8')) : undefined;
}
