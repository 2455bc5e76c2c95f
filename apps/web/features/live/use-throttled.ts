'use client';
import { useEffect, useState } from 'react';

/** Figures change at most this often, look.md says: more can't be read. */
export const figureMs = 250;

/**
 * Draws again when `subscribe`'s listener is called, at most once every `everyMs`, and reads afresh each time. While `held` nothing is drawn
 * again. `read` must return the same value as long as nothing changed.
 */
export function useThrottled<T>(
  subscribe: (listener: () => void) => () => void,
  read: () => T,
  { everyMs = figureMs, held = false } = {},
): T {
  const [value, setValue] = useState(read);
  useEffect(() => {
    if (held) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let lastMs = performance.now();
    const update = () => {
      timer = undefined;
      lastMs = performance.now();
      setValue(() => read());
    };
    update();
    const stop = subscribe(() => {
      timer ??= setTimeout(update, Math.max(0, lastMs + everyMs - performance.now()));
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [subscribe, read, everyMs, held]);
  return value;
}
