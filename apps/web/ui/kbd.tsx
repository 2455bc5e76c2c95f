import { cx } from './cx.ts';

/** A key, printed where it acts. Hidden from readers: the control carries `aria-keyshortcuts` where it matters. */
export function Kbd({ children, tone = 'plain' }: { readonly children: string; readonly tone?: 'plain' | 'on-fill' }) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a kbd takes no focus; the control it stands in says its keys to readers
    <kbd
      aria-hidden="true"
      className={cx(
        'inline-flex h-[17px] min-w-[17px] items-center justify-center rounded-tag border px-1 font-sans text-11 font-normal',
        tone === 'plain' ? 'border-line-2 text-text-3' : 'border-current/40 text-on-fill',
      )}
    >
      {children}
    </kbd>
  );
}
