/** A `group_by` as it is written: short, where it says no number of partitions. */
export const groupBy = (key: string, partitions: number | undefined): string | { key: string; partitions: number } =>
  partitions === undefined ? key : { key, partitions };

/** What was typed for a number of partitions. `null`: nothing, so as many as what comes in has; `undefined`: no number that Kafka takes. */
export function partitionsTyped(text: string): number | null | undefined {
  const digits = text.replaceAll(',', '').trim();
  if (digits === '') return null;
  const partitions = Number(digits);
  return Number.isInteger(partitions) && partitions >= 1 && partitions <= 10_000 ? partitions : undefined;
}
