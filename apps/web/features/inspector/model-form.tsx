'use client';
import { useEditor } from '#features/editor/editor-context.tsx';
import { plural } from '#lib/format.ts';
import { Section } from '#ui/section.tsx';
import { FieldsEditor } from './fields-editor.tsx';
import { NameField } from './name-field.tsx';
import { Sentence } from './sentence.tsx';

/** A model: the fields of a record, by name and type. */
export function ModelForm({ name }: { readonly name: string }) {
  const document = useEditor((state) => state.draft.reading?.document);
  const model = document?.models[name];
  if (!document || !model) return null;
  const topics = Object.entries(document.topics).filter(([, topic]) =>
    [topic.value, topic.key].some((type) => type.kind === 'model' && type.model === name),
  );
  const optional = Object.values(model.fields).filter((field) => field.optional).length;
  return (
    <>
      <Sentence>
        A record of{' '}
        <strong className="font-semibold text-text">{plural(Object.keys(model.fields).length, 'field')}</strong>
        {optional > 0 && `, ${optional} of which may be absent`}
        {topics.length > 0 && <>, in {topics.map(([topic]) => topic).join(', ')}</>}.
      </Sentence>
      <Section>
        <NameField id={`model:${name}`} />
      </Section>
      <Section title="Fields">
        <FieldsEditor fields={model.fields} path={['models', name, 'fields']} />
      </Section>
    </>
  );
}
