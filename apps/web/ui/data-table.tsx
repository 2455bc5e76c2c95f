import type { HTMLAttributes, ReactNode, TdHTMLAttributes, ThHTMLAttributes } from 'react';
import { cx } from './cx.ts';

/** Hairlines between rows, no zebra, labels of 11 px, numbers right. Compose `DataTable > thead > tr > HeadCell` and `tbody > Row > Cell`. */
export function DataTable({
  label,
  children,
  className,
}: {
  readonly label: string;
  readonly children: ReactNode;
  readonly className?: string;
}) {
  return (
    <table aria-label={label} className={cx('w-full border-collapse text-left text-13', className)}>
      {children}
    </table>
  );
}

export function HeadCell({
  numeric = false,
  className,
  children,
  ...rest
}: ThHTMLAttributes<HTMLTableCellElement> & { readonly numeric?: boolean }) {
  return (
    <th
      scope="col"
      {...rest}
      className={cx(
        'h-8 border-y border-line px-2.5 text-11 font-normal whitespace-nowrap text-text-3 first:pl-6 last:pr-6',
        numeric && 'text-right',
        className,
      )}
    >
      {children}
    </th>
  );
}

/** `size="one"`: 28 px; `two`: 47 px, for two lines. The chosen row has a tint and a 2 px accent edge. */
export function Row({
  selected = false,
  size = 'one',
  className,
  children,
  ...rest
}: HTMLAttributes<HTMLTableRowElement> & { readonly selected?: boolean; readonly size?: 'one' | 'two' }) {
  return (
    <tr
      {...rest}
      {...(selected ? { 'aria-selected': true } : {})}
      className={cx(
        'border-b border-line',
        size === 'one' ? 'h-7' : 'h-[47px]',
        selected ? 'bg-tint shadow-[inset_2px_0_0_var(--accent)] border-tint-line' : 'hover:bg-hover',
        className,
      )}
    >
      {children}
    </tr>
  );
}

/** `wraps`: a sentence goes on in the next line. */
export function Cell({
  numeric = false,
  mono = false,
  wraps = false,
  className,
  children,
  ...rest
}: TdHTMLAttributes<HTMLTableCellElement> & {
  readonly numeric?: boolean;
  readonly mono?: boolean;
  readonly wraps?: boolean;
}) {
  return (
    <td
      {...rest}
      className={cx(
        'px-2.5 first:pl-6 last:pr-6',
        wraps ? 'whitespace-normal' : 'whitespace-nowrap',
        numeric && 'text-right tabular',
        mono && 'font-mono text-12',
        className,
      )}
    >
      {children}
    </td>
  );
}
