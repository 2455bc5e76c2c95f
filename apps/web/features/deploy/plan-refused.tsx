'use client';
import { useEditorServices } from '#features/editor/editor-context.tsx';
import { plural } from '#lib/format.ts';

/** What has to be mended first; each leads to its place. */
export function PlanRefused({
  problems,
  onClose,
}: {
  readonly problems: readonly {
    readonly message: string;
    readonly path: readonly (string | number)[];
    readonly hint?: string;
  }[];
  readonly onClose: () => void;
}) {
  const { store } = useEditorServices();
  return (
    <div className="px-5 py-4">
      <h3 className="mb-2 font-semibold text-bad">
        {plural(problems.length, 'problem')} to mend before it can be deployed
      </h3>
      <ul>
        {problems.map((problem) => (
          <li key={`${problem.path.join('/')}-${problem.message}`} className="border-b border-line">
            <button
              type="button"
              className="flex w-full gap-2 py-1.5 text-left hover:bg-hover"
              onClick={() => {
                onClose();
                store.getState().reveal(problem.path);
              }}
            >
              {problem.message} <span className="text-text-3">{problem.hint}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
