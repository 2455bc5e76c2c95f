import type { ReactNode } from 'react';

/** A part of the inspector or of a side panel: a heading, an action at its right, hairline below. */
export function Section({
  title,
  action,
  children,
}: {
  readonly title?: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className="border-b border-line px-4 py-3">
      {title !== undefined && (
        <div className="mb-2 flex h-5 items-center justify-between">
          <h3 className="text-12 font-semibold">{title}</h3>
          {action}
        </div>
      )}
      {children}
    </section>
  );
}
