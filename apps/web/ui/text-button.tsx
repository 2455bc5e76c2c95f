import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { cx } from './cx.ts';

/** An action in the flow of text: `+ Add`, `Revert`. */
export function TextButton({
  icon,
  children,
  className,
  type = 'button',
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { readonly icon?: ReactNode }) {
  return (
    <button
      {...rest}
      type={type}
      className={cx(
        'inline-flex items-center gap-1 rounded-tag text-12 whitespace-nowrap text-accent hover:underline disabled:text-text-3 disabled:no-underline',
        className,
      )}
    >
      {icon}
      {children}
    </button>
  );
}
