const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** `5 min`, `10 s`, `1.5 h`. */
export function durationWords(ms: number): string {
  for (const [unit, unitMs] of units) {
    if (ms >= unitMs && Number.isInteger((ms / unitMs) * 10)) return `${ms / unitMs} ${unit}`;
  }
  return `${ms} ms`;
}
