import { openSync, readFileSync, writeSync } from 'node:fs';
import type { WorkPlace } from '@millrace/streams';

/** The app at work in a worker, and where. */
export interface Flight {
  readonly app: string;
  readonly place: WorkPlace;
}

/** Longer than any place in words: names of 249 characters, offsets of 20 digits. */
const maxBytes = 4096;

/**
 * Writes down where the worker is at work, into a file that outlives it: one short write to the page cache before each piece of work. Whatever ends the
 * process, V8's heap limit, a signal or the watchdog, the engine then reads what it was at.
 */
export class FlightRecorder {
  readonly #fd: number;
  readonly #bytes = Buffer.alloc(maxBytes);
  readonly #report: (error: unknown) => void;
  #broken = false;

  /** `report`: is told once, if the file can't be written any more; work goes on without it. */
  constructor(file: string, report: (error: unknown) => void) {
    this.#fd = openSync(file, 'w', 0o600);
    this.#report = report;
    this.write(null);
  }

  /** Null: nothing is at work. */
  write(flight: Flight | null): void {
    if (this.#broken) return;
    const length = this.#bytes.write(`${JSON.stringify(flight)}\n`);
    try {
      writeSync(this.#fd, this.#bytes, 0, length, 0);
    } catch (error) {
      this.#broken = true;
      this.#report(error);
    }
  }
}

/** What the last write said; null: nothing was at work, or nothing can be known. */
export function readFlight(file: string): Flight | null {
  try {
    const [line = ''] = readFileSync(file, 'utf8').split('\n', 1);
    return JSON.parse(line) as Flight | null; // written by the class above
  } catch {
    // A worker that died before it opened the file, or in the midst of a write of it.
    return null;
  }
}
