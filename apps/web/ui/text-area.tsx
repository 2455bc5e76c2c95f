import type { Ref, TextareaHTMLAttributes } from 'react';
import { cx } from './cx.ts';

/** Several lines of plain text; `mono` for documents and records. */
export function TextArea({
  mono,
  className,
  ...rest
}: TextareaHTMLAttributes<HTMLTextAreaElement> & { readonly mono?: boolean; readonly ref?: Ref<HTMLTextAreaElement> }) {
  return (
    <textarea
      {...rest}
      spellCheck={false}
      className={cx(
        'w-full resize-none rounded-control border border-line-2 bg-inset p-3 text-text outline-none focus-visible:border-accent focus-visible:outline-2 focus-visible:outline-offset-1 focus-visible:outline-accent aria-invalid:border-bad-mark',
        mono ? 'font-mono text-12 leading-[18px]' : 'text-13',
        className,
      )}
    />
  );
}
