import { formatCount } from '#lib/format.ts';

/** A value as a cell shows it: numbers with thousands in commas, text as it is, the rest as JSON. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number')
    return Number.isInteger(value) ? formatCount(value) : value.toLocaleString('en-US', { maximumFractionDigits: 2 });
  if (typeof value === 'string') return value;
  return JSON.stringify(value);
}

/** An offset with thousands in commas; it may pass what a number holds. */
export const offsetText = (offset: string): string => offset.replace(/\B(?=(\d{3})+$)/g, ',');
