'use client';
import { useSearchParams } from 'next/navigation';
import { useCallback, useState } from 'react';

/** A value in the page's address; null where it is not there. Setting it replaces the entry in the history, and asks no server. */
export function useSearchParam(name: string): readonly [string | null, (value: string | null) => void] {
  const known = useSearchParams().get(name);
  // The router hears of the new address in its own time; until then what was set is what counts, so that typing never lags.
  const [ahead, setAhead] = useState<{ readonly of: string | null; readonly value: string | null } | null>(null);
  const set = useCallback(
    (next: string | null) => {
      setAhead({ of: known, value: next === '' ? null : next });
      const params = new URLSearchParams(window.location.search);
      if (next === null || next === '') params.delete(name);
      else params.set(name, next);
      const search = params.toString();
      window.history.replaceState(null, '', search === '' ? window.location.pathname : `?${search}`);
    },
    [name, known],
  );
  return [ahead !== null && ahead.of === known ? ahead.value : known, set];
}

/** The same, for one of a few words; anything else in the address is `fallback`. */
export function useSearchChoice<T extends string, F extends T | null>(
  name: string,
  choices: readonly T[],
  fallback: F,
): readonly [T | F, (value: T | F) => void] {
  const [value, set] = useSearchParam(name);
  const choice = choices.find((one) => one === value) ?? fallback;
  const choose = useCallback((next: T | F) => set(next === fallback ? null : next), [set, fallback]);
  return [choice, choose];
}
