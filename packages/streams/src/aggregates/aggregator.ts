import type { Revive } from '../codecs/revive.ts';

/**
 * How one aggregate keeps its state: in `width` neighbouring slots of an entry's array, from `at`. Stateless itself, so that one serves every entry.
 * Null arguments do not reach `update` (SQL's rule: an aggregate passes over nulls); `count()` without an argument gets `true`.
 */
export interface Aggregator {
  readonly width: number;
  initial(slots: unknown[], at: number): void;
  /** Folds in one event. `timestampMs` is the event's time. */
  update(slots: unknown[], at: number, value: unknown, timestampMs: number): void;
  /** What a table shows; numbers exact. */
  result(slots: readonly unknown[], at: number): unknown;
  /** The state as JSON, for the changelog: `fromJson(toJson(s))` is `s`, where `revive` makes of a result that went through JSON what it was. */
  toJson(slots: readonly unknown[], at: number): unknown;
  fromJson(slots: unknown[], at: number, json: unknown, revive: Revive | undefined): void;
}
