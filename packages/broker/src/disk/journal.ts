/**
 * A durable list of facts, one JSON entry a line with its checksum in front: topics, committed offsets and
 * transactions live in such lists. Opening one replays it up to the first damaged line, where a crash has torn it;
 * once it has grown well beyond what it states, it is written anew from a snapshot.
 */
import { crc32c } from '../log/crc32c.ts';
import { Serial } from '../log/serial.ts';
import { reasonOf } from '../log-line.ts';
import { ErrorCode, KafkaError } from '../wire/error-code.ts';
import type { Disk, DiskFile } from './disk.ts';

const rewriteFromBytes = 1024 * 1024;
const rewriteFactor = 4;

export interface JournalOptions<E> {
  readonly disk: Disk;
  readonly path: string;
  /** Told of every entry on opening, in order. */
  readonly replay: (entry: E) => void;
  /** Entries that say the same as all of the journal; asked for when it is written anew. */
  readonly snapshot: () => Iterable<E>;
}

export class Journal<E> {
  readonly #options: JournalOptions<E>;
  readonly #writes = new Serial();
  #file: DiskFile;
  #pending: Buffer[] = [];
  #rewriteAtBytes: number;

  private constructor(options: JournalOptions<E>, file: DiskFile) {
    this.#options = options;
    this.#file = file;
    this.#rewriteAtBytes = Math.max(rewriteFromBytes, file.sizeBytes);
  }

  static async open<E>(options: JournalOptions<E>): Promise<Journal<E>> {
    const file = await options.disk.open(options.path);
    const wholeBytes = replayLines(await file.read(0, file.sizeBytes), options.replay);
    if (wholeBytes < file.sizeBytes) await file.truncate(wholeBytes);
    return new Journal(options, file);
  }

  /**
   * Resolves when the entries have reached the disk; entries of one call are kept together or not at all. Throws
   * KAFKA_STORAGE_ERROR.
   */
  async append(...entries: readonly E[]): Promise<void> {
    const line = encodeLine(entries);
    this.#pending.push(line);
    await this.#writes.run(() => this.#flush());
  }

  async close(): Promise<void> {
    await this.#writes.run(async () => this.#file.close());
  }

  async #flush(): Promise<void> {
    const lines = this.#pending;
    if (lines.length === 0) return; // An earlier flush took this caller's line along with its own.
    this.#pending = [];
    try {
      await this.#file.append(lines);
    } catch (error) {
      // What is torn is overwritten by the next append; the lines themselves must be asked for again.
      throw new KafkaError(
        ErrorCode.storageError,
        `the journal ${this.#options.path} can't be written: ${reasonOf(error)}`,
      );
    }
    if (this.#file.sizeBytes > this.#rewriteAtBytes) await this.#rewrite();
  }

  async #rewrite(): Promise<void> {
    const { disk, path, snapshot } = this.#options;
    const temporary = `${path}.new`;
    const file = await disk.open(temporary);
    await file.truncate(0);
    const lines: Buffer[] = [];
    for (const entry of snapshot()) lines.push(encodeLine([entry]));
    await file.append([Buffer.concat(lines)]);
    await disk.rename(temporary, path);
    await this.#file.close();
    this.#file = file;
    this.#rewriteAtBytes = Math.max(rewriteFromBytes, file.sizeBytes * rewriteFactor);
  }
}

function encodeLine(entries: readonly unknown[]): Buffer {
  const body = JSON.stringify(entries);
  return Buffer.from(`${crc32c(Buffer.from(body)).toString(16).padStart(8, '0')} ${body}\n`);
}

/** Replays whole lines and answers how many bytes they take. */
function replayLines<E>(bytes: Buffer, replay: (entry: E) => void): number {
  let at = 0;
  for (;;) {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0) return at;
    const body = bytes.subarray(at + 9, end);
    if (bytes.toString('latin1', at, at + 8) !== crc32c(body).toString(16).padStart(8, '0')) return at;
    // The checksum says that `append` wrote it, and append takes nothing but E.
    for (const entry of JSON.parse(body.toString('utf8')) as E[]) replay(entry);
    at = end + 1;
  }
}
