import { Decimal, writeJson } from '@millrace/spec';
import { formatCount } from '#lib/format.ts';

/** A double that has more digits than this was calculated: nobody has written it so. */
const writtenDigits = 15;

/**
 * A value as a table's cell shows it: numbers with thousands in commas and every digit that somebody wrote, text as it is, the rest as JSON. Of what a double's
 * arithmetic made, two decimals.
 */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number') {
    if (Number.isInteger(value)) return formatCount(value);
    const isWritten = String(value).replace(/e.*|^-?0?\.0*|\D/g, '').length <= writtenDigits;
    return value.toLocaleString('en-US', { maximumFractionDigits: isWritten ? 20 : 2 });
  }
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return offsetText(String(value));
  // A decimal is exact by name: every digit of it.
  return value instanceof Decimal ? value.text : writeJson(value);
}

/** A value as a record's row shows it: as it stands in the record. */
export const recordText = (value: unknown): string =>
  value === null || value === undefined ? '–' : typeof value === 'string' ? value : writeJson(value);

/** A whole number's digits with thousands in commas; it may pass what a number holds. */
export const offsetText = (offset: string): string => offset.replace(/\B(?=(\d{3})+$)/g, ',');
