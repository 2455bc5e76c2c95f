const unitsMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof unitsMs;

/** Milliseconds of `500ms`, `10s`, `5m`, `1h`, `7d`, or a sequence such as `1h 30m`; null for anything else. A bare number is milliseconds. */
export function parseDuration(text: string): number | null {
  const trimmed = text.trim();
  if (/^\d+$/.test(trimmed)) return safeMs(Number(trimmed));
  if (!/^(\d+(\.\d+)?\s*(ms|s|m|h|d)\s*)+$/.test(trimmed) || trimmed.length > 60) return null;
  let ms = 0;
  for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)/g)) {
    ms += Number(amount) * unitsMs[unit as Unit]; // the pattern lists the units
  }
  return safeMs(Math.round(ms));
}

/** Whole milliseconds that a number holds exactly, else null. */
export const safeMs = (ms: number): number | null => (Number.isSafeInteger(ms) ? ms : null);

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
