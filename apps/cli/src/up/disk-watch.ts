import { statfsSync } from 'node:fs';
import { DiskRoom, fullDiskWords, roomWords } from '@millrace/protocol';

const everyMs = 5_000;

/** Says when the disk of a folder is nearly full, how much is needed, and when there is room again. */
export class DiskWatch {
  readonly #folder: string;
  readonly #say: (line: string) => void;
  readonly #room = new DiskRoom();
  #timer: NodeJS.Timeout | undefined;

  constructor(folder: string, say: (line: string) => void) {
    this.#folder = folder;
    this.#say = say;
  }

  start(): void {
    this.#look();
    this.#timer = setInterval(() => this.#look(), everyMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const freeBytes = freeBytesOf(this.#folder);
    if (this.#room.look(freeBytes)) this.#say((this.#room.low ? fullDiskWords : roomWords)(this.#folder, freeBytes));
  }
}

/** What this user may still write there; plenty where the system does not tell. */
function freeBytesOf(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
