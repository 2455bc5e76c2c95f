/**
 * The disk as the broker sees it, handed in so that faults and crashes can be tested. Paths use `/` and are relative
 * to the data folder. A write that has resolved has reached the operating system: it survives kill -9 of the
 * process, and a power cut only once `sync` has resolved.
 */
export interface Disk {
  /** The names (not paths) in a folder, in no order; none when the folder does not exist. */
  list(folder: string): Promise<string[]>;
  makeFolder(folder: string): Promise<void>;
  /** Removes a file, or a folder with all it holds; quiet when it does not exist. */
  remove(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** The whole of a small file; undefined when it does not exist. */
  readWhole(path: string): Promise<Buffer | undefined>;
  /** Opens for reading and appending, creating the file when it does not exist. */
  open(path: string): Promise<DiskFile>;
  /** Takes the folder for this broker alone; throws FolderInUse. The answer gives it back. */
  lock(): Promise<() => Promise<void>>;
}

export interface DiskFile {
  readonly sizeBytes: number;
  /**
   * Writes all chunks at the end, in one gathered write. One at a time: the caller awaits each before the next. On
   * failure the file may hold a part of them; `sizeBytes` does not count it, and the next append overwrites it.
   */
  append(chunks: readonly Buffer[]): Promise<void>;
  /** At most `lengthBytes` from `position`; fewer only at the end of the file. */
  read(position: number, lengthBytes: number): Promise<Buffer>;
  truncate(sizeBytes: number): Promise<void>;
  sync(): Promise<void>;
  /** Waits for reads that have begun; later ones throw. */
  close(): Promise<void>;
}

/** A live process holds the data folder. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse';
  readonly pid: number;

  constructor(message: string, pid: number) {
    super(message);
    this.pid = pid;
  }
}
