import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { cx } from './cx.ts';

export interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children'> {
  /** What it does, for those who can't see the icon; also its title. */
  readonly label: string;
  readonly icon: ReactNode;
  readonly pressed?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

/** 28 px square. */
export function IconButton({ label, icon, pressed, className, type = 'button', title, ...rest }: IconButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      aria-label={label}
      title={title ?? label}
      {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
      className={cx(
        'inline-flex size-7 shrink-0 items-center justify-center rounded-control text-text-2 hover:bg-hover hover:text-text disabled:text-line-2 disabled:hover:bg-transparent aria-pressed:bg-active aria-pressed:text-text data-popup-open:bg-active',
        className,
      )}
    >
      {icon}
    </button>
  );
}
