'use client';
import type { Problem, Scope } from '@millrace/spec';
import dynamic from 'next/dynamic';
import { useEffect, useRef, useState } from 'react';
import { shortMessage } from '#features/editor/draft.ts';
import { useEditor, useEditorServices, useProblemAt } from '#features/editor/editor-context.tsx';
import { cx } from '#ui/cx.ts';
import { FieldError } from '#ui/field.tsx';
import type { CodeLineHandle } from './code-line.tsx';

const CodeLine = dynamic(() => import('./code-line.tsx').then((module) => module.CodeLine), {
  ssr: false,
  loading: () => <span className="block h-7 w-full rounded-control border border-line-2 bg-inset" />,
});

export interface ExpressionFieldProps {
  readonly label: string;
  /** Where the expression stands in the document. */
  readonly path: Problem['path'];
  readonly value: string;
  /** What it can see there. */
  readonly scope: Scope | undefined;
  /** How the expression is written down; absent: as it is, at `path`. */
  readonly write?: (source: string) => void;
  /** `aggregate`: `sum(value.amount)` rather than a bare expression. */
  readonly kind?: 'expression' | 'aggregate';
  readonly className?: string;
}

/** An expression over the record: completed from the model, checked against it, and written into the document as it is typed. */
export function ExpressionField({
  label,
  path,
  value,
  scope,
  write,
  kind = 'expression',
  className,
}: ExpressionFieldProps) {
  const { store } = useEditorServices();
  const problem = useProblemAt(path);
  const focus = useEditor((state) => state.focus);
  const [typed, setTyped] = useState<string | null>(null);
  const handle = useRef<CodeLineHandle>(null);
  const focused =
    focus !== null &&
    focus.path.length === path.length &&
    focus.path.every((part, index) => String(part) === String(path[index]));
  useEffect(() => {
    if (focused) handle.current?.focus();
  }, [focused]);

  const put = (source: string) => {
    // An empty text is no expression: it would take the whole document out of sight. It waits until something stands there.
    setTyped(source.trim() === '' ? source : null);
    if (source.trim() === '') return;
    if (write) write(source);
    else store.getState().edit([{ path, value: source }], path.join('/'));
  };
  const fix = problem?.fix;
  return (
    <div data-path={path.join('/')} className={cx('min-w-0', className)}>
      <CodeLine
        ref={handle}
        label={label}
        value={typed ?? value}
        onChange={put}
        onLeave={() => setTyped(null)}
        scope={scope}
        kind={kind}
        autoFocus={focused}
        invalid={problem?.severity === 'error' || typed !== null}
        span={problem?.span}
      />
      {typed !== null ? (
        <FieldError message="Empty: the expression before it stays until there is another." />
      ) : (
        problem && (
          <FieldError
            message={
              problem.hint === undefined || fix ? shortMessage(problem) : `${shortMessage(problem)}. ${problem.hint}`
            }
            fix={fix && { label: fix.label, apply: () => store.getState().edit(fix.edits) }}
          />
        )
      )}
    </div>
  );
}
