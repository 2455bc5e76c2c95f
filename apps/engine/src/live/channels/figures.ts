import type { Feed, FeedSink } from '../feed.ts';
import type { Entity } from '../outbox.ts';

/** Workers tell how it goes four times a second: looking more often shows nothing new. */
const everyMs = 250;

/** A channel of figures: all of them, read four times a second. */
export function figuresFeed(sink: FeedSink, read: () => readonly Entity[]): Feed {
  let nextMs = 0;
  return {
    tick(nowMs) {
      if (nowMs < nextMs) return;
      nextMs = nowMs + everyMs;
      sink.replace(read());
    },
    close: () => undefined,
  };
}
