import type { Frame } from '@millrace/protocol';

export interface Entity {
  readonly id: string;
  readonly type: string;
}

/** How fresh what the store holds is. `waiting`: no snapshot yet. `stale`: the last seen, as of `atMs`. `refused`: the server said no. */
export type Freshness =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'live'; readonly atMs: number }
  | { readonly kind: 'stale'; readonly atMs: number }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string; readonly hint: string | undefined };

/** Runs `commit` once, soon: at the next animation frame in a browser, when told to in a test. */
export type Schedule = (commit: () => void) => void;

/**
 * What one subscription has told so far. Frames wait until the next commit, so that React sees one change per animation frame;
 * listeners are by entity id or by type, so that a badge is drawn again alone.
 * The queue is bounded by the server, which stops at two unacknowledged frames: `acknowledge` is called when a frame is on its way to the screen.
 */
export class ChannelStore<E extends Entity = Entity> {
  readonly #schedule: Schedule;
  readonly #entities = new Map<string, E>();
  readonly #lists = new Map<string, readonly E[]>();
  readonly #listeners = new Map<string, Set<() => void>>();
  #order: readonly string[] | undefined;
  #waiting: { readonly frame: Frame; readonly acknowledge: () => void }[] = [];
  #seq = -1;
  #skipped = 0;
  #freshness: Freshness = { kind: 'waiting' };

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  /** Takes a frame. False: a frame is missing before it; the caller asks for a new snapshot, and this one is left out. */
  receive(frame: Frame, acknowledge: () => void): boolean {
    if (frame.kind === 'delta' && frame.seq !== this.#seq + 1) {
      acknowledge();
      return false;
    }
    this.#seq = frame.seq;
    this.#waiting.push({ frame, acknowledge });
    if (this.#waiting.length === 1) this.#schedule(() => this.#commit());
    return true;
  }

  #commit(): void {
    const frames = this.#waiting;
    this.#waiting = [];
    const touched = new Set<string>(['freshness']);
    for (const { frame, acknowledge } of frames) {
      if (frame.kind === 'snapshot') {
        for (const entity of this.#entities.values()) this.#touch(touched, entity);
        this.#entities.clear();
        this.#order = undefined;
      }
      for (const id of frame.remove) {
        const entity = this.#entities.get(id);
        if (entity) this.#touch(touched, entity);
        this.#entities.delete(id);
      }
      for (const raw of frame.set) {
        const entity = raw as unknown as E; // parsed as a frame at the socket; the entity's shape is the channel's, and the server's protocol version was checked
        this.#entities.set(entity.id, entity);
        this.#touch(touched, entity);
      }
      if (frame.order) {
        this.#order = frame.order;
        for (const entity of frame.order) touched.add(`type:${this.#entities.get(entity)?.type ?? ''}`);
      }
      this.#skipped += frame.skipped;
      this.#freshness = { kind: 'live', atMs: frame.atMs };
      acknowledge();
    }
    this.#notify(touched);
  }

  #touch(touched: Set<string>, entity: E): void {
    touched.add(`id:${entity.id}`);
    touched.add(`type:${entity.type}`);
  }

  #notify(touched: ReadonlySet<string>): void {
    for (const key of touched) if (key.startsWith('type:')) this.#lists.delete(key);
    for (const key of touched) for (const listener of this.#listeners.get(key) ?? []) listener();
  }

  #listen(key: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(key);
    };
  }

  /** The connection is gone, or comes again: what is held stays, as of its time. */
  setFreshness(next: { readonly kind: 'stale' } | Extract<Freshness, { kind: 'refused' }>): void {
    if (next.kind === 'refused') this.#freshness = next;
    else if (this.#freshness.kind === 'live') this.#freshness = { kind: 'stale', atMs: this.#freshness.atMs };
    else return;
    this.#notify(new Set(['freshness']));
  }

  get(id: string): E | undefined {
    return this.#entities.get(id);
  }

  /** All of a type, in the channel's order where it has one; the same array until one of them changes. */
  list(type: string): readonly E[] {
    const key = `type:${type}`;
    const known = this.#lists.get(key);
    if (known) return known;
    const made = this.#order
      ? this.#order.flatMap((id) => this.#entities.get(id) ?? []).filter((entity) => entity.type === type)
      : [...this.#entities.values()].filter((entity) => entity.type === type);
    this.#lists.set(key, made);
    return made;
  }

  get freshness(): Freshness {
    return this.#freshness;
  }

  /** Values left out so far because the page or the network could not keep up. */
  get skipped(): number {
    return this.#skipped;
  }

  onEntity = (id: string, listener: () => void): (() => void) => this.#listen(`id:${id}`, listener);
  onType = (type: string, listener: () => void): (() => void) => this.#listen(`type:${type}`, listener);
  onFreshness = (listener: () => void): (() => void) => this.#listen('freshness', listener);
}
