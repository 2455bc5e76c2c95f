'use client';
import type { Problem } from '@millrace/spec';
import { Check, CircleX, TriangleAlert } from 'lucide-react';
import { elementAt, splitId } from '#features/editor/draft.ts';
import { useEditor, useEditorServices } from '#features/editor/editor-context.tsx';
import { type ElementKind, KindIcon } from '#ui/kind-icon.tsx';
import { TextButton } from '#ui/text-button.tsx';

/** Everything that is wrong, each leading to its place, with its remedy where there is one. */
export function ProblemsTab() {
  const problems = useEditor((state) => state.draft.problems);
  if (problems.length === 0)
    return (
      <p className="flex items-center gap-2 px-4 py-4 text-text-2">
        <Check aria-hidden="true" size={14} className="text-accent" />
        Nothing is wrong. The draft can be deployed.
      </p>
    );
  return (
    <ul aria-label="Problems">
      {problems.map((problem) => (
        <ProblemRow key={`${problem.path.join('/')}-${problem.code}-${problem.message}`} problem={problem} />
      ))}
    </ul>
  );
}

function ProblemRow({ problem }: { readonly problem: Problem }) {
  const { store } = useEditorServices();
  const element = elementAt(problem.path);
  const [kind, name] = element === null ? ['settings', 'app'] : splitId(element);
  const error = problem.severity === 'error';
  const { fix } = problem;
  const lead = () => {
    if (element === null || problem.code === 'bad-yaml') store.getState().showPanel('yaml');
    store.getState().reveal(problem.path);
  };
  return (
    <li className="flex min-h-8 items-center gap-2 border-b border-line px-4 hover:bg-hover">
      <button type="button" onClick={lead} className="flex min-w-0 flex-1 items-center gap-3 py-1.5 text-left">
        {error ? (
          <CircleX aria-label="Error" size={14} className="shrink-0 text-bad" />
        ) : (
          <TriangleAlert aria-label="Warning" size={14} className="shrink-0 text-warn" />
        )}
        <span className="flex w-44 shrink-0 items-center gap-1.5 truncate font-medium">
          <KindIcon kind={kind as ElementKind} size={14} />
          {name}
        </span>
        <span className="min-w-0">
          {problem.message}
          {problem.hint !== undefined && <span className="text-text-3"> {problem.hint}</span>}
        </span>
      </button>
      {problem.text && <span className="shrink-0 text-12 text-text-3 tabular">line {problem.text.line}</span>}
      {fix && <TextButton onClick={() => store.getState().edit(fix.edits)}>{fix.label}</TextButton>}
    </li>
  );
}
