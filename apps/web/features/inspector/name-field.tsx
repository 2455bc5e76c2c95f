'use client';
import { type ElementKind, idProblem, modelNameProblem, renameElement } from '@millrace/spec';
import { useState } from 'react';
import { splitId } from '#features/editor/draft.ts';
import { useEditor, useEditorServices } from '#features/editor/editor-context.tsx';
import { Field } from '#ui/field.tsx';
import { TextField } from '#ui/text-field.tsx';

/** The element's id. Renaming it renames everything that refers to it; what has state starts with none under a new id. */
export function NameField({ id, hint }: { readonly id: string; readonly hint?: string }) {
  const { store, deployed } = useEditorServices();
  const [kind, name] = splitId(id);
  const document = useEditor((state) => state.draft.reading?.document);
  const [fault, setFault] = useState<string>();
  const section = `${kind}s` as 'topics' | 'tables' | 'agents' | 'models'; // the four kinds of elements
  const check = (next: string): string | undefined => {
    if (next === name) return undefined;
    if (document && Object.hasOwn(document[section], next)) return `There is a ${kind} ${next} already.`;
    const why = kind === 'model' ? modelNameProblem(next) : idProblem(next);
    return why === null ? undefined : `The name ${why}.`;
  };
  const stateful =
    deployed !== null && (kind === 'table' || kind === 'agent') && Object.hasOwn(deployed[section], name);
  const note = stateful
    ? kind === 'table'
      ? 'State follows the name: renamed, it starts empty.'
      : 'Its internal topics follow the name.'
    : hint;
  return (
    <Field label="Name" error={fault} {...(note !== undefined && { hint: note })}>
      {(ids) => (
        <TextField
          {...ids}
          mono
          value={name}
          onChange={(next) => setFault(check(next))}
          onCommit={(next) => {
            setFault(undefined);
            if (check(next) !== undefined) return;
            const { draft, edit } = store.getState();
            edit(renameElement(draft.text, kind as ElementKind, name, next));
            store.setState({ selected: `${kind}:${next}` });
          }}
        />
      )}
    </Field>
  );
}
