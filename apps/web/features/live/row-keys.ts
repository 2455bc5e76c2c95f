import type { KeyboardEvent } from 'react';

/** ↑ ↓ Home End move between the rows of a table's body, Enter and Space choose. For rows with `tabIndex={0}`. */
export function onRowKey(event: KeyboardEvent<HTMLTableRowElement>, choose: () => void): void {
  if (event.target !== event.currentTarget) return;
  const row = event.currentTarget;
  const rows = [...(row.parentElement?.querySelectorAll<HTMLElement>('tr[tabindex]') ?? [])];
  const at = rows.indexOf(row);
  const next = { ArrowDown: rows[at + 1], ArrowUp: rows[at - 1], Home: rows[0], End: rows.at(-1) }[event.key];
  if (event.key === 'Enter' || event.key === ' ') choose();
  else if (next === undefined) return;
  else next.focus();
  event.preventDefault();
}
