'use client';
import { useQuery } from '@tanstack/react-query';
import { WaysOut } from '#features/deploy/ways-out.tsx';
import { useDebounced } from '#features/live/use-debounced.ts';
import { planApp } from '#lib/api-client/apps.ts';
import { useEditor, useEditorServices } from './editor-context.tsx';

const restMs = 500;

/** Beneath an app that does not run: what can be done about topics that have other partitions than its tables, for as long as the draft does nothing about it. A way that is taken leads on to its plan. */
export function PartitionWays() {
  const { detail, openPlan } = useEditorServices();
  const text = useDebounced(
    useEditor((state) => state.draft.text),
    restMs,
  );
  const { data } = useQuery({
    queryKey: ['ways-out', detail.app, text, detail.deployment?.generation],
    queryFn: () => planApp(detail.app, { text }),
    retry: false,
    staleTime: 0,
  });
  const splits = data?.plan.splits ?? [];
  if (splits.length === 0) return null;
  return (
    <section aria-label="Ways out" className="flex flex-col gap-2 border-b border-warn-line bg-warn-tint px-4 py-2">
      {splits.map((split) => (
        <WaysOut key={split.tables.join()} split={split} onTaken={() => openPlan()} />
      ))}
    </section>
  );
}
