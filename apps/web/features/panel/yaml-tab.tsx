'use client';
import { useMemo } from 'react';
import { pathOf } from '#features/editor/draft.ts';
import { problemAt, useEditor, useEditorServices } from '#features/editor/editor-context.tsx';
import { YamlEditor } from '#features/expression/yaml-editor.tsx';
import { lineOf } from './line-of.ts';

/** The same document as text, both ways. What is selected on the canvas is brought into sight. */
export function YamlTab() {
  const { store } = useEditorServices();
  const text = useEditor((state) => state.draft.text);
  const problems = useEditor((state) => state.draft.problems);
  const selected = useEditor((state) => state.selected);
  const focus = useEditor((state) => state.focus);
  const reveal = useMemo(() => {
    const state = store.getState();
    const place = focus ? problemAt(state.draft.problems, focus.path, true)?.text : undefined;
    return place ?? (selected === null ? null : lineOf(state.draft.text, pathOf(selected)));
  }, [selected, focus, store]);
  return (
    <YamlEditor
      value={text}
      onChange={(next) => store.getState().setText(next, 'text')}
      problems={problems}
      onFix={(edits) => store.getState().edit(edits)}
      reveal={reveal}
    />
  );
}
