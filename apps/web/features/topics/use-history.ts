'use client';
import { useEffect, useRef, useState } from 'react';

const everyMs = 1000;
/** Five minutes. */
const maxPoints = 300;

/** What each id's figure was while this page was open, a point a second, oldest first. */
export function useHistory(figures: ReadonlyMap<string, number>): ReadonlyMap<string, readonly number[]> {
  const newest = useRef(figures);
  newest.current = figures;
  const [histories, setHistories] = useState<ReadonlyMap<string, readonly number[]>>(new Map());
  useEffect(() => {
    const timer = setInterval(() => {
      setHistories(
        (before) =>
          new Map([...newest.current].map(([id, value]) => [id, [...(before.get(id) ?? []), value].slice(-maxPoints)])),
      );
    }, everyMs);
    return () => clearInterval(timer);
  }, []);
  return histories;
}

const trendPoints = 10;

/** How long until a falling figure is at zero, by its last ten seconds; null: it does not fall. */
export function drainsInMs(history: readonly number[]): number | null {
  const recent = history.slice(-trendPoints);
  const [first] = recent;
  const last = recent.at(-1);
  if (first === undefined || last === undefined || recent.length < 3 || last === 0) return null;
  const perMs = (first - last) / ((recent.length - 1) * everyMs);
  return perMs <= 0 ? null : last / perMs;
}
