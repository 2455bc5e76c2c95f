import { chmodSync, createWriteStream, existsSync, renameSync, statSync, type WriteStream } from 'node:fs';

const maxBytes = 10_000_000;
const tryAgainMs = 5_000;

/**
 * What a child prints, kept on disk, readable by its owner alone; the file before it is kept as `.1`. A disk that takes nothing loses lines, never the supervisor: they are
 * counted, and the count is the first line once there is room.
 */
export class LogFile {
  readonly #path: string;
  readonly #say: (line: string) => void;
  #stream: WriteStream | null = null;
  #bytes = 0;
  #lost = 0;
  #brokenSinceMs = 0;
  /** Said, until a line is written again. */
  #said = false;
  #closed = false;

  constructor(path: string, say: (line: string) => void) {
    this.#path = path;
    this.#say = say;
  }

  write(line: string): void {
    if (this.#closed) return;
    if (this.#stream === null && Date.now() - this.#brokenSinceMs < tryAgainMs) {
      this.#lost += 1;
      return;
    }
    if (this.#bytes > maxBytes) this.#roll();
    this.#stream ??= this.#open();
    if (this.#stream === null) {
      this.#lost += 1;
      return;
    }
    const text = `${new Date().toISOString()} ${line}\n`;
    this.#bytes += Buffer.byteLength(text);
    this.#stream.write(text, (error) => {
      if (error === null || error === undefined) this.#said = false;
    });
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true;
    this.#stream?.end();
  }

  #open(): WriteStream | null {
    try {
      if (existsSync(this.#path)) {
        this.#bytes = statSync(this.#path).size;
        if (this.#bytes > maxBytes) this.#roll();
        else chmodSync(this.#path, 0o600);
      }
    } catch (error) {
      this.#broken(error);
      return null;
    }
    const stream = createWriteStream(this.#path, { flags: 'a', mode: 0o600 });
    stream.on('error', (error) => this.#broken(error));
    const lost = this.#lost;
    if (lost > 0)
      stream.write(`${new Date().toISOString()} (${lost} lines are missing here: the disk took none)\n`, (error) => {
        if (error === null || error === undefined) this.#lost -= lost;
      });
    return stream;
  }

  #roll(): void {
    this.#stream?.end();
    this.#stream = null;
    this.#bytes = 0;
    try {
      renameSync(this.#path, `${this.#path}.1`);
    } catch (error) {
      this.#broken(error);
    }
  }

  #broken(error: unknown): void {
    this.#stream = null;
    if (!this.#said)
      this.#say(
        `${this.#path} cannot be written: ${error instanceof Error ? error.message : String(error)}. Lines are counted until it can`,
      );
    this.#said = true;
    this.#lost += 1;
    this.#brokenSinceMs = Date.now();
  }
}
