import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { cx } from './cx.ts';
import { Kbd } from './kbd.tsx';

export type ButtonVariant = 'primary' | 'quiet' | 'bare' | 'danger';

export const buttonClass = (variant: ButtonVariant = 'quiet', className?: string): string =>
  cx(
    'inline-flex h-7 shrink-0 items-center justify-center gap-2 rounded-control px-2.5 text-13 font-medium whitespace-nowrap select-none',
    'disabled:cursor-not-allowed aria-disabled:cursor-not-allowed',
    variant === 'primary' &&
      'bg-fill font-semibold text-on-fill hover:brightness-108 disabled:border disabled:border-line-2 disabled:bg-raised disabled:font-medium disabled:text-text-3 disabled:brightness-100',
    variant === 'quiet' &&
      'border border-line-2 bg-raised text-text hover:bg-hover disabled:bg-transparent disabled:text-text-3',
    variant === 'bare' &&
      'text-text-2 hover:bg-hover hover:text-text disabled:text-text-3 disabled:hover:bg-transparent',
    variant === 'danger' && 'border border-bad-line bg-bad-tint text-bad hover:brightness-105 disabled:text-text-3',
    className,
  );

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly variant?: ButtonVariant;
  readonly icon?: ReactNode;
  /** The key that does the same, printed where it acts. */
  readonly kbd?: string;
  readonly ref?: Ref<HTMLButtonElement>;
}

/** 28 px. One primary button a screen; the rest are quiet (bordered) or bare (in bars). */
export function Button({ variant = 'quiet', icon, kbd, className, children, type = 'button', ...rest }: ButtonProps) {
  return (
    <button {...rest} type={type} className={buttonClass(variant, className)}>
      {icon}
      {children}
      {kbd !== undefined && (
        <span className="inline-flex max-sm:hidden">
          <Kbd tone={variant === 'primary' && !rest.disabled ? 'on-fill' : 'plain'}>{kbd}</Kbd>
        </span>
      )}
    </button>
  );
}
