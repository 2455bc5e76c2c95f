'use client';
import { type DocumentPath, formatType, parseType, primitives, type Type } from '@millrace/spec';
import { useId, useState } from 'react';
import { useEditor, useEditorServices } from '#features/editor/editor-context.tsx';
import { FieldError, type FieldIds } from '#ui/field.tsx';
import { TextField } from '#ui/text-field.tsx';
import { FieldsEditor } from './fields-editor.tsx';

/** Why a text is no type; undefined when it is one. */
export function typeFault(text: string, models: readonly string[]): string | undefined {
  const parsed = parseType(text);
  if (!('type' in parsed)) return parsed.message;
  return parsed.type.kind === 'model' && !models.includes(parsed.type.model)
    ? `There is no type or model ${parsed.type.model}.`
    : undefined;
}

/** A type as text, with the models and primitives on offer; an inline record as its fields. */
export function TypeField({
  type,
  path,
  ids,
}: {
  readonly type: Type;
  readonly path: DocumentPath;
  readonly ids?: FieldIds;
}) {
  const { store } = useEditorServices();
  if (type.kind === 'record') return <FieldsEditor fields={type.fields} path={path} />;
  return (
    <TypeText
      {...(ids && { ids })}
      value={formatType(type)}
      onCommit={(text) => store.getState().edit([{ path, value: text }])}
    />
  );
}

/** A type as text. What is none is refused with the reason, and the type before it stays. */
export function TypeText({
  value,
  onCommit,
  ids,
  label,
}: {
  readonly value: string;
  readonly onCommit: (text: string) => void;
  readonly ids?: FieldIds;
  readonly label?: string;
}) {
  const list = useId();
  const document = useEditor((state) => state.draft.reading?.document);
  const models = Object.keys(document?.models ?? {});
  const [fault, setFault] = useState<string>();
  return (
    <>
      <TextField
        {...ids}
        {...(label !== undefined && { 'aria-label': label })}
        {...(fault !== undefined && { 'aria-invalid': true })}
        mono
        list={list}
        value={value}
        onChange={(text) => setFault(typeFault(text, models))}
        onCommit={(text) => {
          setFault(undefined);
          if (typeFault(text, models) === undefined) onCommit(text.trim());
        }}
      />
      <datalist id={list}>
        {[...models, ...primitives].map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {fault !== undefined && <FieldError message={fault} />}
    </>
  );
}
