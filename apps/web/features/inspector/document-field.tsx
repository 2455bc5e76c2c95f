'use client';
import type { DocumentPath } from '@millrace/spec';
import type { ReactNode } from 'react';
import { shortMessage } from '#features/editor/draft.ts';
import { useEditorServices, useProblemAt } from '#features/editor/editor-context.tsx';
import { Field, type FieldIds } from '#ui/field.tsx';

/** A field of the document: its control, and the problem that stands at its path, with the remedy. */
export function DocumentField({
  path,
  label,
  hint,
  error,
  children,
}: {
  readonly path: DocumentPath;
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly children: (ids: FieldIds) => ReactNode;
}) {
  const { store } = useEditorServices();
  const problem = useProblemAt(path);
  const fix = problem?.fix;
  const message =
    error ??
    (problem &&
      (problem.hint === undefined || fix ? shortMessage(problem) : `${shortMessage(problem)}. ${problem.hint}`));
  return (
    <div data-path={path.join('/')}>
      <Field
        label={label}
        error={message}
        {...(fix &&
          error === undefined && { fix: { label: fix.label, apply: () => store.getState().edit(fix.edits) } })}
        {...(hint !== undefined && { hint })}
      >
        {children}
      </Field>
    </div>
  );
}
