'use client';
import { CircleX } from 'lucide-react';
import { type ReactNode, useId } from 'react';

export interface FieldIds {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
}

export interface FieldProps {
  readonly label: string;
  /** Beside the control (forms of the inspector) or above it (dialogs). */
  readonly layout?: 'row' | 'stack';
  readonly error?: string | undefined;
  /** A one-click remedy beside the error. */
  readonly fix?: { readonly label: string; readonly apply: () => void } | undefined;
  readonly hint?: ReactNode;
  /** Gets the ids that tie the control to label, hint and error. */
  readonly children: (ids: FieldIds) => ReactNode;
}

/** A label, a control, and what is wrong with it, in words. */
export function Field({ label, layout = 'row', error, fix, hint, children }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const ids: FieldIds = {
    id,
    'aria-describedby': error !== undefined || hint !== undefined ? noteId : undefined,
    'aria-invalid': error === undefined ? undefined : true,
  };
  return (
    <div
      className={layout === 'row' ? 'grid grid-cols-[72px_minmax(0,1fr)] items-start gap-x-2' : 'flex flex-col gap-1'}
    >
      <label htmlFor={id} className={layout === 'row' ? 'py-1 text-12 leading-5 text-text-2' : 'text-12 text-text-2'}>
        {label}
      </label>
      <div className="min-w-0">
        {children(ids)}
        {error !== undefined ? (
          <FieldError id={noteId} message={error} fix={fix} />
        ) : (
          hint !== undefined && (
            <p id={noteId} className="mt-1 text-11 text-text-3">
              {hint}
            </p>
          )
        )}
      </div>
    </div>
  );
}

/** The line under a control that says what is wrong with it. */
export function FieldError({
  id,
  message,
  fix,
}: {
  readonly id?: string;
  readonly message: string;
  readonly fix?: FieldProps['fix'];
}) {
  return (
    <p id={id} role="alert" className="mt-1 flex items-start gap-1.5 text-12 text-bad">
      <CircleX aria-hidden="true" size={12} className="mt-0.5 shrink-0" />
      <span className="min-w-0 flex-1 wrap-anywhere">{message}</span>
      {fix && (
        <button type="button" onClick={fix.apply} className="shrink-0 text-accent hover:underline">
          {fix.label}
        </button>
      )}
    </p>
  );
}
