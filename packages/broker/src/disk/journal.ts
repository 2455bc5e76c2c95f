/**
 * A durable list of facts, one JSON entry a line with its checksum in front: topics, committed offsets and
 * transactions live in such lists. What is known follows from the list alone: each entry is applied once it is on disk,
 * and again on opening, up to the first damaged line, where a crash has torn it. A list that has grown well beyond
 * what it states is written anew from a snapshot.
 */
import { Serial } from '../log/serial.ts';
import { type LogLine, reasonOf } from '../log-line.ts';
import { type ErrorCode, KafkaError } from '../wire/error-code.ts';
import { checksum } from './checksum.ts';
import type { Disk, DiskFile } from './disk.ts';

const rewriteFromBytes = 1024 * 1024;
const rewriteFactor = 4;

export interface JournalOptions<E> {
  readonly disk: Disk;
  readonly path: string;
  /** Told of every entry, in order, once it is durable: on opening, and before the `append` that brought it resolves. */
  readonly apply: (entry: E) => void;
  /** Entries that say the same as all that were applied; asked for when the journal is written anew. */
  readonly snapshot: () => Iterable<E>;
  /** What an append that the disk refuses throws. */
  readonly refusal: ErrorCode;
  readonly log: LogLine;
}

interface PendingLine<E> {
  readonly bytes: Buffer;
  readonly entries: readonly E[];
}

export class Journal<E> {
  readonly #options: JournalOptions<E>;
  readonly #writes = new Serial();
  #file: DiskFile;
  #pending: PendingLine<E>[] = [];
  #nextFlush: Promise<void> | undefined;
  #rewriteAtBytes: number;
  #closed = false;

  /** Lines that were passed over on opening, because the disk has damaged them: what is known may be incomplete. */
  readonly damagedLines: number;

  private constructor(options: JournalOptions<E>, file: DiskFile, damagedLines: number) {
    this.#options = options;
    this.#file = file;
    this.#rewriteAtBytes = Math.max(rewriteFromBytes, file.sizeBytes);
    this.damagedLines = damagedLines;
  }

  static async open<E>(options: JournalOptions<E>): Promise<Journal<E>> {
    const { disk, path, apply, log } = options;
    const file = await disk.open(path);
    const { wholeBytes, damagedLines } = replayLines(await file.read(0, file.sizeBytes), apply);
    if (wholeBytes < file.sizeBytes) await file.truncate(wholeBytes);
    if (damagedLines > 0) log('error', `the journal ${path}: ${damagedLines} damaged lines were passed over`);
    return new Journal(options, file, damagedLines);
  }

  /**
   * Resolves when the entries have reached the disk and are applied; entries of one call are kept together or not at
   * all. Throws a KafkaError of `refusal` when the disk refuses them, and none is applied.
   */
  append(...entries: readonly E[]): Promise<void> {
    this.#pending.push({ bytes: encodeLine(entries), entries });
    // Whoever comes before the next write begins goes with it, and shares its fate.
    this.#nextFlush ??= this.#writes.run(() => this.#flush());
    return this.#nextFlush;
  }

  /** Entries that come afterwards are refused, without a word: whoever still works while the broker stops is answered by nobody. */
  async close(): Promise<void> {
    await this.#writes.run(async () => {
      this.#closed = true;
      await this.#file.close();
    });
  }

  async #flush(): Promise<void> {
    const lines = this.#pending;
    this.#pending = [];
    this.#nextFlush = undefined;
    if (this.#closed) throw new KafkaError(this.#options.refusal, `the journal ${this.#options.path} is closed`);
    try {
      await this.#file.append(lines.map(({ bytes }) => bytes));
    } catch (error) {
      await this.#file.truncate(this.#file.sizeBytes).catch(() => {}); // The write's failure is the one to tell.
      const { path, refusal, log } = this.#options;
      const message = `the journal ${path} can't be written: ${reasonOf(error)}`;
      log('error', message);
      throw new KafkaError(refusal, message);
    }
    for (const { entries } of lines) for (const entry of entries) this.#options.apply(entry);
    if (this.#file.sizeBytes > this.#rewriteAtBytes) await this.#rewrite();
  }

  /** Nobody waits for it to succeed: what it would shorten is on disk, and stays as it is when it can't be written anew. */
  async #rewrite(): Promise<void> {
    const { disk, path, snapshot, log } = this.#options;
    const temporary = `${path}.new`;
    try {
      const file = await disk.open(temporary);
      try {
        await file.truncate(0);
        await file.append([...snapshot()].map((entry) => encodeLine([entry])));
        await file.sync(); // It is about to be the only copy.
        await disk.rename(temporary, path);
      } catch (error) {
        await file.close();
        throw error;
      }
      const replaced = this.#file;
      this.#file = file;
      await replaced.close();
    } catch (error) {
      log('warn', `the journal ${path} could not be shortened: ${reasonOf(error)}`);
    }
    this.#rewriteAtBytes = Math.max(rewriteFromBytes, this.#file.sizeBytes * rewriteFactor);
  }
}

function encodeLine(entries: readonly unknown[]): Buffer {
  const body = JSON.stringify(entries);
  return Buffer.from(`${checksum(Buffer.from(body))} ${body}\n`);
}

/**
 * Applies the lines whose checksum holds, and answers where the last of them ends, and how many damaged ones stand between
 * them. What follows the last is what a crash has torn.
 */
function replayLines<E>(bytes: Buffer, apply: (entry: E) => void): { wholeBytes: number; damagedLines: number } {
  let wholeBytes = 0;
  let damagedLines = 0;
  let damagedSinceWhole = 0;
  for (let start = 0, end = bytes.indexOf(0x0a); end >= 0; start = end + 1, end = bytes.indexOf(0x0a, start)) {
    const body = bytes.subarray(start + 9, end);
    if (bytes.toString('latin1', start, start + 8) !== checksum(body)) {
      damagedSinceWhole += 1;
      continue;
    }
    // The checksum says that `append` wrote it, and append takes nothing but E.
    for (const entry of JSON.parse(body.toString('utf8')) as E[]) apply(entry);
    wholeBytes = end + 1;
    damagedLines += damagedSinceWhole;
    damagedSinceWhole = 0;
  }
  return { wholeBytes, damagedLines };
}
