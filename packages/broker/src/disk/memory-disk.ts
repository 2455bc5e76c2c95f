import { type Disk, type DiskFile, FolderInUse } from './disk.ts';

/** Told of each append before it happens; answers how many of its bytes arrive before the disk fails. */
export type WriteFault = (path: string, lengthBytes: number) => number | undefined;

/** A disk in memory. It outlives the brokers that use it: dropping a broker without stopping it is a crash. */
export class MemoryDisk implements Disk {
  readonly #files = new Map<string, { bytes: Buffer }>();
  #locked = false;
  /** Set it to make writes fail, wholly or after some bytes. */
  writeFault: WriteFault | undefined;

  async list(folder: string): Promise<string[]> {
    const prefix = folder === '' ? '' : `${folder}/`;
    const names = new Set<string>();
    for (const path of this.#files.keys()) {
      if (path.startsWith(prefix)) names.add(path.slice(prefix.length).split('/', 1)[0] ?? '');
    }
    return [...names];
  }

  async readWhole(path: string): Promise<Buffer | undefined> {
    return this.#files.get(path)?.bytes;
  }

  async makeFolder(): Promise<void> {}

  async remove(path: string): Promise<void> {
    for (const other of [...this.#files.keys()]) {
      if (other === path || other.startsWith(`${path}/`)) this.#files.delete(other);
    }
  }

  async rename(from: string, to: string): Promise<void> {
    for (const [path, file] of [...this.#files]) {
      if (path !== from && !path.startsWith(`${from}/`)) continue;
      this.#files.delete(path);
      this.#files.set(to + path.slice(from.length), file);
    }
  }

  async open(path: string): Promise<DiskFile> {
    const file = this.#files.get(path) ?? { bytes: Buffer.alloc(0) };
    this.#files.set(path, file);
    return new MemoryDiskFile(file, (lengthBytes) => this.writeFault?.(path, lengthBytes));
  }

  async lock(): Promise<() => Promise<void>> {
    if (this.#locked) throw new FolderInUse('this memory disk is held by another broker', process.pid);
    this.#locked = true;
    return async () => {
      this.#locked = false;
    };
  }

  /** What kill -9 leaves: everything that was written, and no lock. */
  crash(): void {
    this.#locked = false;
  }

  /** The bytes of a file, to be looked at or damaged by a test. */
  contents(path: string): Buffer {
    return this.#files.get(path)?.bytes ?? Buffer.alloc(0);
  }

  replace(path: string, bytes: Buffer): void {
    this.#files.set(path, { bytes });
  }

  paths(): string[] {
    return [...this.#files.keys()].sort();
  }
}

class MemoryDiskFile implements DiskFile {
  readonly #file: { bytes: Buffer };
  readonly #fault: (lengthBytes: number) => number | undefined;
  #sizeBytes: number;
  #closed = false;

  constructor(file: { bytes: Buffer }, fault: (lengthBytes: number) => number | undefined) {
    this.#file = file;
    this.#fault = fault;
    this.#sizeBytes = file.bytes.length;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  async append(chunks: readonly Buffer[]): Promise<void> {
    const added = Buffer.concat(chunks);
    const arrivingBytes = this.#fault(added.length);
    const kept = this.#file.bytes.subarray(0, this.#sizeBytes);
    this.#file.bytes = Buffer.concat([kept, added.subarray(0, arrivingBytes ?? added.length)]);
    if (arrivingBytes !== undefined) throw new Error('ENOSPC: no space left on device');
    this.#sizeBytes += added.length;
  }

  async read(position: number, lengthBytes: number): Promise<Buffer> {
    if (this.#closed) throw new Error('the file is closed');
    return this.#file.bytes.subarray(position, Math.min(position + lengthBytes, this.#sizeBytes));
  }

  async truncate(sizeBytes: number): Promise<void> {
    this.#file.bytes = this.#file.bytes.subarray(0, sizeBytes);
    this.#sizeBytes = sizeBytes;
  }

  async sync(): Promise<void> {}

  async close(): Promise<void> {
    this.#closed = true;
  }
}
