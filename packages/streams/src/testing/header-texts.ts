import type { RecordHeaders } from '../transport/record-headers.ts';

export type HeaderTexts = readonly (readonly [name: string, text: string | null])[];

/** Headers as a test compares them: values as text. */
export const headerTexts = (headers: RecordHeaders | undefined): HeaderTexts =>
  (headers ?? []).map(([name, value]) => [name, value?.toString() ?? null]);
