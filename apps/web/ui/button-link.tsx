import Link from 'next/link';
import type { ComponentProps, ReactNode } from 'react';
import { type ButtonVariant, buttonClass } from './button.tsx';

/** A link in a button's form: for going somewhere, where a button would do something. */
export function ButtonLink({
  variant = 'quiet',
  icon,
  className,
  children,
  ...rest
}: ComponentProps<typeof Link> & { readonly variant?: ButtonVariant; readonly icon?: ReactNode }) {
  return (
    <Link {...rest} className={buttonClass(variant, className)}>
      {icon}
      {children}
    </Link>
  );
}
