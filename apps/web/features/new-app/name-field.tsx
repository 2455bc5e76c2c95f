'use client';
import { idProblem } from '@millrace/spec';
import type { Ref } from 'react';
import { Field } from '#ui/field.tsx';
import { TextField } from '#ui/text-field.tsx';

/** Why an app can't be called so; undefined when it can. */
export function nameFault(name: string, taken: readonly string[]): string | undefined {
  if (name === '') return undefined;
  if (taken.includes(name)) return `There is an app ${name} already.`;
  const why = idProblem(name);
  return why === null ? undefined : `${name} ${why}.`;
}

/** The app's id: the name of its Kafka group and the first part of its topics' names, for ever. */
export function NameField({
  value,
  onChange,
  taken,
  ref,
}: {
  readonly value: string;
  readonly onChange: (name: string) => void;
  readonly taken: readonly string[];
  readonly ref?: Ref<HTMLInputElement>;
}) {
  return (
    <Field
      layout="stack"
      label="Name"
      error={nameFault(value, taken)}
      hint="Names its consumer group and its changelogs in Kafka; it can't be changed later."
    >
      {(ids) => (
        <TextField
          {...ids}
          {...(ref !== undefined && { ref })}
          value={value}
          onChange={onChange}
          mono
          placeholder="login-watch"
        />
      )}
    </Field>
  );
}
