import type { Entity } from './outbox.ts';

/** What a channel tells its room. */
export interface FeedSink {
  /** All there is now: what changed is found by comparison. `order`: ids, where the channel is ordered. */
  replace(entities: readonly Entity[], order?: readonly string[]): void;
  /** Only what came and went. `skipped`: rows left out since the last call. */
  append(entities: readonly Entity[], removed: readonly string[], skipped: number): void;
  /** Whether a client can be sent more now: a feed of rows holds its rows back otherwise. */
  readonly hasCredit: boolean;
}

/** A channel's source, alive while somebody is subscribed. */
export interface Feed {
  /** Called every 100 ms; says through the sink what there is to say. Its own pace may be slower. Calls do not overlap. `nowMs`: of the monotonic clock. */
  tick(nowMs: number): Promise<void> | void;
  pause?(paused: boolean): void;
  close(): void;
}

/** A subscription that can't be, in words. */
export class ChannelRefused extends Error {
  override readonly name = 'ChannelRefused';
  readonly code: string;
  readonly hint: string | undefined;
  constructor(code: string, message: string, hint?: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}
