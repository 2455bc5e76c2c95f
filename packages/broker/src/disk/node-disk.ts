import { type FileHandle, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Disk, DiskFile } from './disk.ts';
import { lockFolder } from './folder-lock.ts';

/** A folder of the real disk. */
export class NodeDisk implements Disk {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async list(folder: string): Promise<string[]> {
    return (await unlessAbsent(readdir(join(this.#root, folder)))) ?? [];
  }

  async readWhole(path: string): Promise<Buffer | undefined> {
    return unlessAbsent(readFile(join(this.#root, path)));
  }

  async makeFolder(folder: string): Promise<void> {
    await mkdir(join(this.#root, folder), { recursive: true });
  }

  async remove(path: string): Promise<void> {
    // Again when a file has come meanwhile into a folder that was being emptied.
    await rm(join(this.#root, path), { recursive: true, force: true, maxRetries: 3, retryDelay: 20 });
  }

  async rename(from: string, to: string): Promise<void> {
    await rename(join(this.#root, from), join(this.#root, to));
  }

  async open(path: string): Promise<DiskFile> {
    const handle = await open(join(this.#root, path), 'a+').then(async (created) => {
      // Append mode can't write at a position, which overwriting a torn write needs; it only serves to create.
      await created.close();
      return open(join(this.#root, path), 'r+');
    });
    return new NodeDiskFile(handle, (await handle.stat()).size);
  }

  async lock(): Promise<() => Promise<void>> {
    await mkdir(this.#root, { recursive: true });
    return lockFolder(this.#root, 'broker');
  }
}

class NodeDiskFile implements DiskFile {
  readonly #handle: FileHandle;
  #sizeBytes: number;
  #readsInFlight = 0;
  #closed = false;
  #onIdle: (() => void) | undefined;

  constructor(handle: FileHandle, sizeBytes: number) {
    this.#handle = handle;
    this.#sizeBytes = sizeBytes;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  async append(chunks: readonly Buffer[]): Promise<void> {
    let pending: readonly Buffer[] = chunks;
    let position = this.#sizeBytes;
    while (pending.length > 0) {
      const { bytesWritten } = await this.#handle.writev(pending, position);
      position += bytesWritten;
      pending = dropFront(pending, bytesWritten);
    }
    this.#sizeBytes = position;
  }

  async read(position: number, lengthBytes: number): Promise<Buffer> {
    if (this.#closed) throw new Error('the file is closed');
    this.#readsInFlight += 1;
    try {
      const buffer = Buffer.allocUnsafeSlow(Math.max(0, Math.min(lengthBytes, this.#sizeBytes - position)));
      let filled = 0;
      while (filled < buffer.length) {
        const { bytesRead } = await this.#handle.read(buffer, filled, buffer.length - filled, position + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    } finally {
      this.#readsInFlight -= 1;
      if (this.#readsInFlight === 0) this.#onIdle?.();
    }
  }

  async truncate(sizeBytes: number): Promise<void> {
    await this.#handle.truncate(sizeBytes);
    this.#sizeBytes = sizeBytes;
  }

  async sync(): Promise<void> {
    await this.#handle.sync();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#readsInFlight > 0) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    }
    await this.#handle.close();
  }
}

/** The outcome; undefined when it failed because the file or folder does not exist. */
async function unlessAbsent<T>(outcome: Promise<T>): Promise<T | undefined> {
  try {
    return await outcome;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** What is left of `chunks` after a short write. */
function dropFront(chunks: readonly Buffer[], writtenBytes: number): Buffer[] {
  const left: Buffer[] = [];
  let skipBytes = writtenBytes;
  for (const chunk of chunks) {
    if (skipBytes >= chunk.length) skipBytes -= chunk.length;
    else {
      left.push(chunk.subarray(skipBytes));
      skipBytes = 0;
    }
  }
  return left;
}
