import type { Declared } from './topic-query.ts';

/** A value of the declared fields to start from, as JSON. */
export function sampleValue(declared: Declared | null | undefined, nowMs: number): string {
  if (!declared || declared.fields.length === 0) return '{\n  \n}';
  const entries = declared.fields
    .filter(({ optional }) => !optional)
    .map(({ name, type }) => [name, sampleOf(type, nowMs)]);
  return JSON.stringify(Object.fromEntries(entries), null, 2);
}

function sampleOf(type: string, nowMs: number): unknown {
  if (/^(int|long)\b/.test(type)) return 1;
  if (/^(float|double|decimal)\b/.test(type)) return 1.5;
  if (/^boolean\b/.test(type)) return false;
  if (/^timestamp\b/.test(type)) return nowMs;
  if (/^date\b/.test(type)) return new Date(nowMs).toISOString().slice(0, 10);
  if (/^list\b/.test(type)) return [];
  if (/^map\b/.test(type)) return {};
  return '';
}
