import { statfsSync } from 'node:fs';

const everyMs = 5_000;
/** Below this much free space Postgres and the broker may soon be refused. */
const neededBytes = 100_000_000;
/** Said to have room again only well above, so that it is not said in turns. */
const roomBytes = 150_000_000;

/** Says when the disk of a folder is nearly full, how much is needed, and when there is room again. */
export class DiskWatch {
  readonly #folder: string;
  readonly #say: (line: string) => void;
  readonly #freeBytes: (folder: string) => number;
  #low = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(folder: string, say: (line: string) => void, freeBytes: (folder: string) => number = freeBytesOf) {
    this.#folder = folder;
    this.#say = say;
    this.#freeBytes = freeBytes;
  }

  start(): void {
    this.look();
    this.#timer = setInterval(() => this.look(), everyMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  look(): void {
    const free = this.#freeBytes(this.#folder);
    if (!this.#low && free < neededBytes) {
      this.#low = true;
      this.#say(
        `the disk of ${this.#folder} has ${megabytes(free)} free; Millrace needs ${megabytes(neededBytes)}. What cannot be written is refused, nothing is lost, and all goes on by itself once there is room`,
      );
    } else if (this.#low && free > roomBytes) {
      this.#low = false;
      this.#say(`the disk of ${this.#folder} has room again, ${megabytes(free)}`);
    }
  }
}

const megabytes = (bytes: number): string => `${Math.floor(bytes / 1_000_000)} MB`;

/** What this user may still write there; plenty where the system does not tell. */
function freeBytesOf(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
