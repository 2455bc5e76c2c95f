import type { ReactNode } from 'react';
import { FieldError } from '#ui/field.tsx';

/** The end of each way: what went wrong on the left, what to do on the right. */
export function WayFooter({ error, children }: { readonly error?: string | undefined; readonly children: ReactNode }) {
  return (
    <div className="flex min-h-[54px] items-center gap-2 border-t border-line bg-bg px-5 py-2">
      <div className="mr-auto min-w-0 flex-1">{error !== undefined && <FieldError message={error} />}</div>
      {children}
    </div>
  );
}
