import type { Frame } from '@millrace/protocol';

/** Anything a channel shows; sent whole whenever it changes. */
export interface Entity {
  readonly id: string;
  readonly type: string;
}

/** All of a channel, read when a snapshot is sent. */
export type ReadAll = () => { readonly entities: Iterable<Entity>; readonly order: readonly string[] | undefined };

/** Frames on their way that the client has not acknowledged yet; at this many nothing more is sent, and changes are conflated. */
export const maxUnacknowledged = 2;

/**
 * What one subscriber still has to be told, conflated by entity id: a slow client gets the newest value of each entity, and how many it missed.
 * Bounded by the entities of its channel, whatever their rate.
 */
export class Outbox {
  readonly #id: string;
  readonly #changed = new Map<string, Entity>();
  readonly #removed = new Set<string>();
  #order: readonly string[] | undefined;
  #snapshot: ReadAll | null = null;
  #skipped = 0;
  #seq = 0;
  #unacknowledged = 0;

  constructor(id: string) {
    this.#id = id;
  }

  /** The next frame is a snapshot, of what there is when it is sent. */
  resnapshot(read: ReadAll): void {
    this.#snapshot = read;
    this.#changed.clear();
    this.#removed.clear();
    this.#order = undefined;
  }

  /** A value that overtakes one that was never sent makes that one skipped. */
  set(entity: Entity): void {
    if (this.#snapshot !== null) return;
    this.#removed.delete(entity.id);
    if (this.#changed.has(entity.id)) this.#skipped += 1;
    this.#changed.set(entity.id, entity);
  }

  remove(id: string): void {
    if (this.#snapshot !== null) return;
    this.#changed.delete(id);
    this.#removed.add(id);
  }

  order(ids: readonly string[]): void {
    if (this.#snapshot === null) this.#order = ids;
  }

  /** Counts what was left out before it came here. */
  skip(count: number): void {
    this.#skipped += count;
  }

  acknowledged(): void {
    this.#unacknowledged = Math.max(0, this.#unacknowledged - 1);
  }

  /** Whether the client has taken enough to be sent more. */
  get hasCredit(): boolean {
    return this.#unacknowledged < maxUnacknowledged;
  }

  /** The next frame; null while there is nothing to say or no credit. */
  take(nowMs: number): Frame | null {
    if (!this.hasCredit) return null;
    const frame = this.#snapshot === null ? this.#delta(nowMs) : this.#whole(this.#snapshot, nowMs);
    if (frame !== null) this.#unacknowledged += 1;
    return frame;
  }

  #whole(read: ReadAll, nowMs: number): Frame {
    const { entities, order } = read();
    this.#snapshot = null;
    return this.#frame('snapshot', [...entities], [], order, nowMs);
  }

  #delta(nowMs: number): Frame | null {
    if (this.#changed.size === 0 && this.#removed.size === 0 && this.#order === undefined && this.#skipped === 0)
      return null;
    const frame = this.#frame('delta', [...this.#changed.values()], [...this.#removed], this.#order, nowMs);
    this.#changed.clear();
    this.#removed.clear();
    this.#order = undefined;
    return frame;
  }

  #frame(
    kind: Frame['kind'],
    set: Entity[],
    remove: string[],
    order: readonly string[] | undefined,
    atMs: number,
  ): Frame {
    const skipped = this.#skipped;
    this.#skipped = 0;
    return {
      id: this.#id,
      seq: this.#seq++,
      kind,
      set: set as Frame['set'],
      remove,
      ...(order === undefined ? {} : { order: [...order] }),
      skipped,
      atMs,
    }; // entities carry id and type
  }
}
