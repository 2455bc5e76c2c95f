import type { Disk, DiskFile } from './disk.ts';

/**
 * What a process sees of a disk when it is killed at its `lastChange`-th change: that one is made by half when it is a
 * write, and not at all otherwise; everything after it fails. What it left is on the disk behind.
 */
export class DyingDisk implements Disk {
  readonly #disk: Disk;
  #changesLeft: number;

  constructor(disk: Disk, lastChange: number) {
    this.#disk = disk;
    this.#changesLeft = lastChange;
  }

  get isDead(): boolean {
    return this.#changesLeft <= 0;
  }

  list(folder: string): Promise<string[]> {
    return this.#alive(() => this.#disk.list(folder));
  }
  readWhole(path: string): Promise<Buffer | undefined> {
    return this.#alive(() => this.#disk.readWhole(path));
  }
  lock(): Promise<() => Promise<void>> {
    return this.#alive(() => this.#disk.lock());
  }
  makeFolder(folder: string): Promise<void> {
    return this.#change(() => this.#disk.makeFolder(folder));
  }
  remove(path: string): Promise<void> {
    return this.#change(() => this.#disk.remove(path));
  }
  rename(from: string, to: string): Promise<void> {
    return this.#change(() => this.#disk.rename(from, to));
  }

  async open(path: string): Promise<DiskFile> {
    const file = await this.#change(() => this.#disk.open(path));
    return {
      get sizeBytes() {
        return file.sizeBytes;
      },
      append: (chunks) => {
        const whole = Buffer.concat(chunks);
        const torn = () => file.append([whole.subarray(0, whole.length / 2)]);
        return this.#change(() => file.append([whole]), torn);
      },
      read: (position, lengthBytes) => this.#alive(() => file.read(position, lengthBytes)),
      truncate: (sizeBytes) => this.#change(() => file.truncate(sizeBytes)),
      sync: () => this.#alive(() => file.sync()),
      close: () => file.close(),
    };
  }

  async #change<T>(make: () => Promise<T>, makeHalf?: () => Promise<void>): Promise<T> {
    if (this.#changesLeft === 1) await makeHalf?.();
    this.#changesLeft -= 1;
    return this.#alive(make);
  }

  async #alive<T>(act: () => Promise<T>): Promise<T> {
    if (this.isDead) throw new Error('the process was killed here');
    return act();
  }
}
