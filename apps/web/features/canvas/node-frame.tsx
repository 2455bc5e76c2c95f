'use client';
import { CircleX, TriangleAlert } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { problemsOf, splitId } from '#features/editor/draft.ts';
import { useEditor, useEditorServices } from '#features/editor/editor-context.tsx';
import { ChangeTag } from '#ui/change-tag.tsx';
import { cx } from '#ui/cx.ts';
import { type ElementKind, KindIcon } from '#ui/kind-icon.tsx';
import { tagTone } from '#ui/tag.tsx';
import { NodeMenu } from './node-menu.tsx';
import { NoticeBadge } from './notice-badge.tsx';

/** What is wrong with an element of the canvas; the same array until its problems change. */
export function useElementProblems(id: string) {
  const problems = useEditor((state) => state.draft.problems);
  return useMemo(() => problemsOf(problems, id), [problems, id]);
}

/** The 34 px header with kind, name and change tag, and the border that says: selected, not deployed, or wrong. */
export function NodeFrame({
  id,
  width,
  selected,
  children,
}: {
  readonly id: string;
  readonly width: number;
  readonly selected: boolean;
  readonly children: ReactNode;
}) {
  const { changes, stale } = useEditorServices();
  const problems = useElementProblems(id);
  const [kind, name] = splitId(id);
  const change = changes.get(id);
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  return (
    <div
      style={{ width }}
      className={cx(
        'group/node relative rounded-node border bg-raised text-12 text-text transition-[border-color]',
        selected
          ? 'border-accent shadow-[0_0_0_1px_var(--accent),0_0_0_5px_color-mix(in_srgb,var(--accent)_22%,transparent)]'
          : errors > 0
            ? 'border-bad-mark'
            : 'border-line-2',
        change === 'created' && !selected && 'border-dashed',
        change === 'created' && !selected && errors === 0 && 'border-outline',
        stale && 'grayscale',
      )}
    >
      <header className="flex h-[33px] items-center gap-2 border-b border-line px-2.5">
        <KindIcon kind={kind as ElementKind} size={15} />
        <span className="min-w-0 flex-1 truncate text-13 font-semibold" title={name}>
          {name}
        </span>
        {problems.length > 0 && (
          <span
            className={cx(
              'inline-flex h-[18px] items-center gap-1 rounded-tag border px-1.5 text-11',
              errors > 0 ? tagTone.bad : tagTone.warn,
            )}
            title={problems.map((problem) => problem.message).join('\n')}
          >
            {errors > 0 ? <CircleX aria-hidden="true" size={11} /> : <TriangleAlert aria-hidden="true" size={11} />}
            {problems.length}
            <span className="sr-only"> {problems.length === 1 ? 'problem' : 'problems'}</span>
          </span>
        )}
        {problems.length === 0 && change === 'created' && <ChangeTag change="created" word="New" />}
        {problems.length === 0 && change === 'changed' && <ChangeTag change="changed" />}
        <NoticeBadge id={id} />
        <NodeMenu id={id} shown={selected} />
      </header>
      {children}
    </div>
  );
}
