import { isoTime } from '@millrace/spec';
import type { Declared } from './topic-query.ts';

/** A value of the declared fields to start from, as JSON. */
export function sampleValue(declared: Declared | null | undefined, nowMs: number): string {
  if (!declared || declared.fields.length === 0) return '{\n  \n}';
  const entries = declared.fields
    .filter(({ optional }) => !optional)
    .map(({ name, type }) => [name, sampleOf(type, nowMs)]);
  return JSON.stringify(Object.fromEntries(entries), null, 2);
}

/** A time as its type writes it: `timestamp(us)`. */
function timeIn(type: string, timeMs: number): number | string {
  if (type.startsWith('timestamp(iso)')) return isoTime(timeMs);
  if (type.startsWith('timestamp(s)')) return Math.floor(timeMs / 1_000);
  if (type.startsWith('timestamp(us)')) return timeMs * 1_000;
  return type.startsWith('timestamp(ns)') ? timeMs * 1_000_000 : timeMs;
}

function sampleOf(type: string, nowMs: number): unknown {
  if (/^(int|long)\b/.test(type)) return 1;
  if (/^(float|double|decimal)\b/.test(type)) return 1.5;
  if (/^boolean\b/.test(type)) return false;
  if (/^timestamp\b/.test(type)) return timeIn(type, nowMs);
  if (/^date\b/.test(type)) return new Date(nowMs).toISOString().slice(0, 10);
  if (/^list\b/.test(type)) return [];
  if (/^map\b/.test(type)) return {};
  return '';
}
