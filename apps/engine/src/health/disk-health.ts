import { statfs } from 'node:fs/promises';
import { DiskRoom, fullDiskWords, type HealthEntity } from '@millrace/protocol';
import type { Clock } from '@millrace/streams';

const everyMs = 5_000;

/** Looks every 5 s whether the disk of the data folder, where the embedded Postgres and broker write, has room. */
export class DiskHealth {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #room = new DiskRoom();
  #entity: HealthEntity | null = null;
  #timer: { cancel(): void } | undefined;
  #stopped = false;

  constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  /** Null before the first look, and where the system does not tell. */
  get entity(): HealthEntity | null {
    return this.#entity;
  }

  start(): void {
    void this.askNow();
  }

  /** Never rejects. */
  async askNow(): Promise<void> {
    const freeBytes = await statfs(this.#folder).then(
      ({ bavail, bsize }) => bavail * bsize,
      () => null,
    );
    this.#entity = freeBytes === null ? null : this.#seen(freeBytes);
    this.#timer?.cancel();
    if (!this.#stopped) this.#timer = this.#clock.after(everyMs, () => void this.askNow());
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  #seen(freeBytes: number): HealthEntity {
    const changed = this.#room.look(freeBytes);
    const nowMs = this.#clock.now();
    const ok = !this.#room.low;
    return {
      id: 'health:disk',
      type: 'health',
      ok,
      message: ok ? `Data is below ${this.#folder}` : fullDiskWords(this.#folder, freeBytes),
      attempts: [],
      sinceMs: changed || this.#entity === null ? nowMs : this.#entity.sinceMs,
      nextTryMs: null,
      figures: { freeBytes },
    };
  }
}
