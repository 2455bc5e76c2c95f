import { everyMs, formatType, type Table } from '@millrace/spec';

/**
 * What decides whether a table's state can be taken over: how its keys are written, and its windows. Two tables with the same text share a
 * layout; a tumbling window is a hopping one that moves by its size.
 */
export function tableLayout({ key, window }: Table): string {
  const keys = key.kind === 'enum' ? 'string' : formatType(key);
  if (window === undefined) return keys;
  return `${keys}/${window.sizeMs}/${everyMs(window)}`;
}
