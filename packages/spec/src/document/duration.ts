import * as z from 'zod';
import { fail } from './form.ts';

const unitsMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof unitsMs;

/** Milliseconds of `500ms`, `10s`, `5m`, `1h`, `7d`, or a sequence such as `1h 30m`; null for anything else. A bare number is milliseconds. */
export function parseDuration(text: string): number | null {
  const trimmed = text.trim();
  if (/^\d+$/.test(trimmed)) return safe(Number(trimmed));
  if (!/^(\d+(\.\d+)?\s*(ms|s|m|h|d)\s*)+$/.test(trimmed) || trimmed.length > 60) return null;
  let ms = 0;
  for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)/g)) {
    ms += Number(amount) * unitsMs[unit as Unit]; // the pattern lists the units
  }
  return safe(Math.round(ms));
}

const safe = (ms: number): number | null => (Number.isSafeInteger(ms) ? ms : null);

/** The shortest exact text: `5m`, `1h30m`, `1500ms`. The inverse of `parseDuration` for integers ≥ 0. */
export function formatDuration(ms: number): string {
  if (!Number.isInteger(ms) || ms <= 0) return `${ms}ms`;
  const parts: string[] = [];
  let rest = ms;
  for (const unit of ['d', 'h', 'm', 's', 'ms'] as const) {
    const amount = Math.floor(rest / unitsMs[unit]);
    if (amount > 0) parts.push(`${amount}${unit}`);
    rest -= amount * unitsMs[unit];
  }
  return parts.length > 2 ? `${ms}ms` : parts.join('');
}

/** A duration as written, to milliseconds; `minMs` is the least allowed. */
export const durationSchema = (minMs: number): z.ZodType<number> =>
  z.unknown().transform((input, ctx) => {
    const ms = typeof input === 'number' ? safe(input) : typeof input === 'string' ? parseDuration(input) : null;
    if (ms === null) {
      return fail(ctx, input, {
        code: 'bad-duration',
        message: 'must be a duration',
        hint: 'Write 500ms, 10s, 5m, 1h or 7d; a bare number is milliseconds.',
      });
    }
    if (ms < minMs) {
      return fail(ctx, input, { code: 'bad-value', message: `must be at least ${formatDuration(minMs)}` });
    }
    return ms;
  });
