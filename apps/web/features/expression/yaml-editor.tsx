'use client';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { indentOnInput } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { Annotation, EditorState } from '@codemirror/state';
import { EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view';
import type { Edit, Problem, Span } from '@millrace/spec';
import { useEffect, useRef } from 'react';
import { codeTheme } from './code-theme.ts';

const fromOutside = Annotation.define<boolean>();

export interface YamlEditorProps {
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly problems: readonly Problem[];
  readonly onFix: (edits: readonly Edit[]) => void;
  /** Brought into sight and selected when it changes. */
  readonly reveal: Span | null;
}

/** The document's text, with what is wrong marked where it stands. A change from elsewhere is put in surgically, so that the cursor stays. */
export function YamlEditor({ value, onChange, problems, onFix, reveal }: YamlEditorProps) {
  const parent = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const latest = useRef({ onChange, onFix });
  latest.current = { onChange, onFix };

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once; what changes is dispatched below
  useEffect(() => {
    if (!parent.current) return;
    const made = new EditorView({
      parent: parent.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          yaml(),
          lineNumbers(),
          lintGutter(),
          history(),
          indentOnInput(),
          highlightActiveLine(),
          highlightActiveLineGutter(),
          EditorState.tabSize.of(2),
          // Escape, then Tab leaves the editor, as CodeMirror's own pages advise for those without a mouse.
          keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
          EditorView.contentAttributes.of({ 'aria-label': 'App document in YAML', tabindex: '0' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged && update.transactions.some((transaction) => !transaction.annotation(fromOutside)))
              latest.current.onChange(update.state.doc.toString());
          }),
          codeTheme,
          EditorView.theme({ '&': { height: '100%' }, '.cm-scroller': { overflow: 'auto' } }),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, []);

  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const change = difference(editor.state.doc.toString(), value);
    if (change) editor.dispatch({ changes: change, annotations: fromOutside.of(true) });
  }, [value]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: with the text the marks move, so they are set again
  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const length = editor.state.doc.length;
    const diagnostics = problems.flatMap((problem): Diagnostic[] => {
      if (!problem.text) return [];
      const { fix } = problem;
      const from = Math.min(problem.text.start, length);
      return [
        {
          from,
          to: Math.min(Math.max(problem.text.end, from), length),
          severity: problem.severity,
          message: problem.hint === undefined ? problem.message : `${problem.message}. ${problem.hint}`,
          ...(fix && { actions: [{ name: fix.label, apply: () => latest.current.onFix(fix.edits) }] }),
        },
      ];
    });
    editor.dispatch(setDiagnostics(editor.state, diagnostics));
  }, [problems, value]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || !reveal) return;
    const length = editor.state.doc.length;
    editor.dispatch({
      selection: { anchor: Math.min(reveal.start, length) },
      effects: EditorView.scrollIntoView(Math.min(reveal.start, length), { y: 'center' }),
    });
  }, [reveal]);

  return <div ref={parent} className="h-full min-h-0 bg-inset" />;
}

/** The one stretch in which two texts differ; null when they don't. */
export function difference(
  before: string,
  after: string,
): { readonly from: number; readonly to: number; readonly insert: string } | null {
  if (before === after) return null;
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  )
    end += 1;
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}
