/** Below this much free space Postgres and the broker may soon be refused, bytes. */
const neededBytes = 100_000_000;
/** There is room again only well above, so that it is not said in turns. */
const roomBytes = 150_000_000;

/** Whether the disk of the data folder has room, by what is free on it at each look. */
export class DiskRoom {
  #low = false;

  get low(): boolean {
    return this.#low;
  }

  /** Takes what is free now, bytes. True: what `low` says has changed. */
  look(freeBytes: number): boolean {
    const low = freeBytes < (this.#low ? roomBytes : neededBytes);
    const changed = low !== this.#low;
    this.#low = low;
    return changed;
  }
}

export const fullDiskWords = (folder: string, freeBytes: number): string =>
  `the disk of ${folder} has ${megabytes(freeBytes)} free; Millrace needs ${megabytes(neededBytes)}. What cannot be written is refused, nothing is lost, and all goes on by itself once there is room`;

export const roomWords = (folder: string, freeBytes: number): string =>
  `the disk of ${folder} has room again, ${megabytes(freeBytes)}`;

const megabytes = (bytes: number): string => `${Math.floor(bytes / 1_000_000)} MB`;
