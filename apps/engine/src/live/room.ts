import type { Frame } from '@millrace/protocol';
import { writeJson } from '@millrace/spec';
import type { Clock } from '@millrace/streams';
import { type Log, saying } from '../log.ts';
import type { Feed, FeedSink } from './feed.ts';
import { type Entity, Outbox } from './outbox.ts';

export type SendFrame = (frame: Frame, acknowledged: () => void) => void;

interface Member {
  readonly outbox: Outbox;
  readonly send: SendFrame;
}

interface Held {
  readonly entity: Entity;
  /** Its JSON, by which a change is seen; null where the feed says itself what changed. */
  readonly text: string | null;
}

/** Everybody who asked for the same: one feed, computed once, and an outbox for each. */
export class Room implements FeedSink {
  readonly #feed: Feed;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #held = new Map<string, Held>();
  readonly #members = new Map<string, Member>();
  #order: readonly string[] | undefined;
  #ticking = false;
  #filled = false;

  constructor(open: (sink: FeedSink) => Feed, clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
    this.#feed = open(this);
  }

  get empty(): boolean {
    return this.#members.size === 0;
  }

  join(member: string, subscription: string, send: SendFrame): void {
    this.#members.set(member, { outbox: new Outbox(subscription), send });
    this.resnapshot(member);
  }

  leave(member: string): void {
    this.#members.delete(member);
  }

  resnapshot(member: string): void {
    this.#members.get(member)?.outbox.resnapshot(() => ({
      entities: [...this.#held.values()].map(({ entity }) => entity),
      order: this.#order,
    }));
  }

  pause(paused: boolean): void {
    this.#feed.pause?.(paused);
  }

  close(): void {
    this.#feed.close();
    this.#members.clear();
  }

  /** Lets the feed say what there is, and sends everybody with credit their next frame. A tick that finds the last one still at work only sends. */
  async tick(): Promise<void> {
    if (!this.#ticking) {
      this.#ticking = true;
      try {
        await this.#feed.tick(this.#clock.monotonic());
      } catch (error) {
        this.#log(`a live channel: ${saying(error)}`);
      } finally {
        this.#ticking = false;
      }
    }
    if (this.#filled) this.#send(this.#clock.now());
  }

  replace(entities: readonly Entity[], order?: readonly string[]): void {
    this.#filled = true;
    const there = new Set<string>();
    for (const entity of entities) {
      there.add(entity.id);
      const text = writeJson(entity);
      if (this.#held.get(entity.id)?.text === text) continue;
      this.#held.set(entity.id, { entity, text });
      for (const { outbox } of this.#members.values()) outbox.set(entity);
    }
    for (const id of [...this.#held.keys()]) if (!there.has(id)) this.#remove(id);
    if (order === undefined || sameIds(order, this.#order)) return;
    this.#order = order;
    for (const { outbox } of this.#members.values()) outbox.order(order);
  }

  append(entities: readonly Entity[], removed: readonly string[], skipped: number): void {
    this.#filled = true;
    for (const entity of entities) {
      this.#held.set(entity.id, { entity, text: null });
      for (const { outbox } of this.#members.values()) outbox.set(entity);
    }
    for (const id of removed) this.#remove(id);
    if (skipped > 0) for (const { outbox } of this.#members.values()) outbox.skip(skipped);
  }

  get hasCredit(): boolean {
    for (const { outbox } of this.#members.values()) if (outbox.hasCredit) return true;
    return false;
  }

  #remove(id: string): void {
    this.#held.delete(id);
    for (const { outbox } of this.#members.values()) outbox.remove(id);
  }

  #send(nowMs: number): void {
    for (const { outbox, send } of this.#members.values()) {
      const frame = outbox.take(nowMs);
      if (frame !== null) send(frame, () => outbox.acknowledged());
    }
  }
}

const sameIds = (a: readonly string[], b: readonly string[] | undefined): boolean =>
  b !== undefined && a.length === b.length && a.every((id, at) => id === b[at]);
