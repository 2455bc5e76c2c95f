'use client';
import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  completionKeymap,
  startCompletion,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { type Diagnostic, setDiagnostics } from '@codemirror/lint';
import { Annotation, Compartment, EditorState } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { completions, type Scope, type Span } from '@millrace/spec';
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { codeTheme } from './code-theme.ts';

export interface CodeLineHandle {
  focus(): void;
}

export interface CodeLineProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onLeave?: () => void;
  readonly scope: Scope | undefined;
  readonly kind: 'expression' | 'aggregate';
  readonly autoFocus?: boolean;
  readonly invalid: boolean;
  /** The part that is wrong. */
  readonly span: Span | undefined;
  readonly ref?: Ref<CodeLineHandle>;
}

/** One line of code, with completion. Enter leaves the field; Tab moves on, as in any field. */
export function CodeLine({
  label,
  value,
  onChange,
  onLeave,
  scope,
  kind,
  autoFocus,
  invalid,
  span,
  ref,
}: CodeLineProps) {
  const parent = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const latest = useRef({ onChange, onLeave, scope, kind });
  latest.current = { onChange, onLeave, scope, kind };
  const attributes = useRef(new Compartment());

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once; what changes is dispatched below
  useEffect(() => {
    if (!parent.current) return;
    const complete = (context: CompletionContext): CompletionResult | null => {
      const { scope: visible, kind: what } = latest.current;
      if (!visible) return null;
      const source = context.state.doc.toString();
      const found = completions(source, context.pos, visible, what);
      const [first] = found;
      if (!first) return null;
      // Functions are put in with their brackets, as they are nothing without.
      const options = found.map((item) => ({
        label: item.label,
        detail: item.type,
        ...(item.kind === 'function' && { info: item.detail, apply: `${item.label}(` }),
      }));
      return { from: first.from, options, filter: false };
    };
    const made = new EditorView({
      parent: parent.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          javascript(),
          history(),
          autocompletion({ override: [complete], icons: false, activateOnTyping: true }),
          // One line: a line break that is pasted becomes a space.
          EditorState.transactionFilter.of((transaction) =>
            transaction.docChanged && transaction.newDoc.lines > 1
              ? [
                  {
                    changes: {
                      from: 0,
                      to: transaction.startState.doc.length,
                      insert: transaction.newDoc.toString().replaceAll(/\s*\n\s*/g, ' '),
                    },
                  },
                ]
              : transaction,
          ),
          keymap.of([
            {
              key: 'Enter',
              run: (editor) => {
                editor.contentDOM.blur();
                return true;
              },
            },
          ]),
          keymap.of([...completionKeymap, ...historyKeymap, ...defaultKeymap]),
          attributes.current.of(EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' })),
          EditorView.updateListener.of((update) => {
            if (update.docChanged && update.transactions.some((transaction) => !transaction.annotation(fromOutside)))
              latest.current.onChange(update.state.doc.toString());
            if (update.focusChanged && !update.view.hasFocus) latest.current.onLeave?.();
          }),
          EditorView.domEventHandlers({ dblclick: (_event, editor) => startCompletion(editor) }),
          codeTheme,
        ],
      }),
    });
    view.current = made;
    if (autoFocus) made.focus();
    return () => made.destroy();
  }, []);

  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.doc.toString() !== value)
      editor.dispatch({
        changes: { from: 0, to: editor.state.doc.length, insert: value },
        annotations: fromOutside.of(true),
      });
  }, [value]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: with the text the marks move, so they are set again
  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    editor.dispatch({
      effects: attributes.current.reconfigure(
        EditorView.contentAttributes.of({
          'aria-label': label,
          tabindex: '0',
          ...(invalid && { 'aria-invalid': 'true' }),
        }),
      ),
    });
    const length = editor.state.doc.length;
    const diagnostics: Diagnostic[] =
      span && invalid
        ? [
            {
              from: Math.min(span.start, length),
              to: Math.min(Math.max(span.end, span.start + 1), length),
              severity: 'error',
              message: '',
            },
          ]
        : [];
    editor.dispatch(setDiagnostics(editor.state, diagnostics));
  }, [invalid, span, label, value]);

  useImperativeHandle(ref, () => ({ focus: () => view.current?.focus() }), []);
  return <div ref={parent} className={invalid ? 'code-line code-line-invalid' : 'code-line'} />;
}

/** Marks a change that came from the document, not from this field. */
const fromOutside = Annotation.define<boolean>();
