'use client';
import type { DocumentPath } from '@millrace/spec';
import type { ReactNode } from 'react';
import { useEditorServices } from '#features/editor/editor-context.tsx';
import { cx } from '#ui/cx.ts';

/** What the element does, said before its fields. */
export function Sentence({ children, note }: { readonly children: ReactNode; readonly note?: ReactNode }) {
  return (
    <div className="border-b border-line px-4 pt-3 pb-3">
      <p className="text-15 text-text-2">{children}</p>
      {note}
    </div>
  );
}

/** A part of the sentence: leads to its field. Amber when it differs from what is deployed. */
export function SentencePart({
  path,
  changed = false,
  children,
}: {
  readonly path: DocumentPath;
  readonly changed?: boolean;
  readonly children: ReactNode;
}) {
  const { store } = useEditorServices();
  return (
    <button
      type="button"
      onClick={() => store.setState({ focus: { path } })}
      className={cx(
        'inline border-b-2 px-0.5 leading-[22px] font-semibold',
        changed ? 'border-warn-mark bg-warn-tint text-text' : 'border-water text-text hover:bg-hover',
      )}
    >
      {children}
    </button>
  );
}
