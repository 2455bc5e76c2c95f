'use client';
import {
  type DocumentPath,
  fieldNameProblem,
  formatType,
  isExact,
  type Field as ModelField,
  parseJson,
} from '@millrace/spec';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { shortMessage } from '#features/editor/draft.ts';
import { useEditorServices, useProblemAt } from '#features/editor/editor-context.tsx';
import { FieldError } from '#ui/field.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { TextButton } from '#ui/text-button.tsx';
import { TextField } from '#ui/text-field.tsx';
import { TypeText } from './type-field.tsx';

/** The fields of a model or of an inline record: name, type, whether it may be absent, and what stands in for it then. */
export function FieldsEditor({
  fields,
  path,
}: {
  readonly fields: Readonly<Record<string, ModelField>>;
  readonly path: DocumentPath;
}) {
  const { store } = useEditorServices();
  const add = () => {
    let name = 'field';
    for (let number = 2; Object.hasOwn(fields, name); number += 1) name = `field${number}`;
    store.getState().edit([{ path: [...path, name], value: 'string' }]);
  };
  return (
    <div>
      <div
        aria-hidden="true"
        className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_30px_28px] gap-1.5 text-11 text-text-3"
      >
        <span>name</span>
        <span>type</span>
        <span className="text-center">opt.</span>
        <span />
      </div>
      <ul className="flex flex-col gap-1.5 pt-1">
        {Object.entries(fields).map(([name, field]) => (
          <FieldRow key={name} name={name} field={field} path={path} taken={fields} />
        ))}
      </ul>
      <TextButton className="mt-2" icon={<Plus aria-hidden="true" size={12} />} onClick={add}>
        Add a field
      </TextButton>
    </div>
  );
}

function FieldRow({
  name,
  field,
  path,
  taken,
}: {
  readonly name: string;
  readonly field: ModelField;
  readonly path: DocumentPath;
  readonly taken: Readonly<Record<string, unknown>>;
}) {
  const { store } = useEditorServices();
  const at = [...path, name];
  const problem = useProblemAt(at, true);
  const [fault, setFault] = useState<string>();
  const edit = (...edits: Parameters<ReturnType<typeof store.getState>['edit']>[0]) => store.getState().edit(edits);
  const plain = isPlain(field);
  const nameFault = (next: string): string | undefined => {
    if (next === name) return undefined;
    if (Object.hasOwn(taken, next)) return `There is a field ${next} already.`;
    const why = fieldNameProblem(next);
    return why === null ? undefined : `The name ${why}.`;
  };
  const write = (type: string, optional: boolean) =>
    edit(plain ? { path: at, value: optional ? `${type}?` : type } : { path: [...at, 'type'], value: type });
  return (
    <li data-path={at.join('/')} className="group/field">
      <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_30px_28px] items-center gap-1.5">
        <TextField
          aria-label={`Name of the field ${name}`}
          mono
          value={name}
          {...(fault !== undefined && { 'aria-invalid': true })}
          onChange={(next) => setFault(nameFault(next))}
          onCommit={(next) => {
            setFault(undefined);
            if (nameFault(next) === undefined) edit({ path: at, rename: next });
          }}
        />
        {field.type.kind === 'record' ? (
          <span className="truncate font-mono text-12 text-text-3">record</span>
        ) : (
          <TypeText
            label={`Type of ${name}`}
            value={formatType(field.type)}
            onCommit={(type) => write(type.replace(/\?$/, ''), field.optional || type.endsWith('?'))}
          />
        )}
        <label className="flex h-7 items-center justify-center" title="May be absent or null">
          <input
            type="checkbox"
            aria-label={`${name} is optional`}
            checked={field.optional}
            onChange={(event) =>
              plain && field.type.kind !== 'record'
                ? write(formatType(field.type), event.target.checked)
                : edit({ path: [...at, 'optional'], value: event.target.checked })
            }
            className="size-3.5 accent-[var(--fill)]"
          />
        </label>
        <IconButton label={`Take out ${name}`} icon={<X size={14} />} onClick={() => edit({ path: at })} />
      </div>
      {(field.optional || field.default !== undefined) && field.type.kind !== 'record' && (
        <div className="mt-1 grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_64px] items-center gap-1.5">
          <span className="pl-2 text-right text-11 text-text-3">else</span>
          <TextField
            aria-label={`Default of ${name}`}
            mono
            placeholder="null"
            value={field.default === undefined ? '' : JSON.stringify(field.default)}
            onCommit={(text) => {
              const value = readValue(text);
              if (value === undefined)
                edit(
                  plain
                    ? { path: at, value: `${formatType(field.type)}${field.optional ? '?' : ''}` }
                    : { path: [...at, 'default'] },
                );
              else if (plain)
                edit({
                  path: at,
                  value: { type: formatType(field.type), ...(field.optional && { optional: true }), default: value },
                });
              else edit({ path: [...at, 'default'], value });
            }}
          />
        </div>
      )}
      {fault !== undefined ? (
        <FieldError message={fault} />
      ) : (
        problem && (
          <FieldError
            message={shortMessage(problem)}
            fix={
              problem.fix && { label: problem.fix.label, apply: () => store.getState().edit(problem.fix?.edits ?? []) }
            }
          />
        )
      )}
    </li>
  );
}

/** Whether `string` or `string?` says all there is to say about it. */
const isPlain = (field: ModelField): boolean =>
  Object.entries(field).every(
    ([key, value]) => key === 'type' || key === 'optional' || (key === 'sensitive' && value === false),
  ) &&
  field.type.kind !== 'enum' &&
  field.type.kind !== 'union' &&
  field.type.kind !== 'record';

/** A default as people write it: JSON, or the text itself; undefined for nothing. */
export function readValue(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    const value = parseJson(text);
    // In quotes, every digit stays.
    return isExact(value) && typeof value !== 'number' ? text.trim() : value;
  } catch {
    return text; // not JSON: the text is the value
  }
}
