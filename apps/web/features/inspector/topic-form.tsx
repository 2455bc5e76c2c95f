'use client';
import { type Codec, codecs, fieldsOf, type Topic } from '@millrace/spec';
import { useMemo } from 'react';
import { eventTimeWords, shortType } from '#features/canvas/words.ts';
import { useEditor, useEditorServices } from '#features/editor/editor-context.tsx';
import { plural } from '#lib/format.ts';
import { NumberField } from '#ui/number-field.tsx';
import { Section } from '#ui/section.tsx';
import { Segmented } from '#ui/segmented.tsx';
import { Select } from '#ui/select.tsx';
import { TextField } from '#ui/text-field.tsx';
import { DocumentField } from './document-field.tsx';
import { DurationField } from './duration-field.tsx';
import { NameField } from './name-field.tsx';
import { Sentence, SentencePart } from './sentence.tsx';
import { TypeField } from './type-field.tsx';
import { UsedBy } from './used-by.tsx';

const codecWords: Readonly<Record<Codec, string>> = {
  json: 'JSON',
  string: 'Text',
  raw: 'Bytes as they are',
  int32: 'Java Integer, 4 bytes',
  int64: 'Java Long, 8 bytes',
  double: 'Java Double, 8 bytes',
  uuid: 'Java UUID',
};
const codecOptions = codecs.map((value) => ({ value, label: codecWords[value] }));

/** A topic: what it is in Kafka, what its records are, and what is done with those that aren't. */
export function TopicForm({ name }: { readonly name: string }) {
  const { store, deployed } = useEditorServices();
  const document = useEditor((state) => state.draft.reading?.document);
  const topic = document?.topics[name];
  const at = (...rest: string[]) => ['topics', name, ...rest];
  const edit = (path: string[], value: unknown) =>
    store.getState().edit([{ path, ...(value !== undefined && { value }) }]);
  const times = useMemo(() => timeOptions(topic, document), [topic, document]);
  if (!document || !topic) return null;
  const exists = deployed !== null && Object.hasOwn(deployed.topics, name);
  return (
    <>
      <Sentence>
        Records of <SentencePart path={at('value')}>{shortType(topic.value)}</SentencePart> in{' '}
        <SentencePart path={at('partitions')}>{plural(topic.partitions, 'partition')}</SentencePart>, timed by{' '}
        <SentencePart path={at('eventTime')}>{eventTimeWords(topic)}</SentencePart>.
      </Sentence>
      <Section title="Kafka">
        <div className="flex flex-col gap-2">
          <NameField id={`topic:${name}`} />
          <DocumentField path={at('name')} label="Topic">
            {(ids) => (
              <TextField
                {...ids}
                mono
                value={topic.name}
                onCommit={(value) => edit(at('name'), value === name || value === '' ? undefined : value)}
              />
            )}
          </DocumentField>
          <DocumentField
            path={at('partitions')}
            label="Partitions"
            {...(exists && { hint: 'It exists with these; Kafka can only add more.' })}
          >
            {(ids) => (
              <NumberField
                {...ids}
                className="w-20"
                value={topic.partitions}
                min={1}
                max={10_000}
                onCommit={(value) => edit(at('partitions'), Math.round(value))}
              />
            )}
          </DocumentField>
          <DocumentField path={at('retention')} label="Kept" hint="Empty: as the broker says.">
            {(ids) =>
              topic.retentionMs === -1 ? (
                <TextField
                  {...ids}
                  value="for ever"
                  onCommit={(text) => edit(at('retention'), text.trim() === '' ? undefined : text)}
                />
              ) : (
                <DurationField
                  ids={ids}
                  valueMs={topic.retentionMs}
                  path={at('retention')}
                  width="w-28"
                  empty="broker’s default"
                />
              )
            }
          </DocumentField>
          <DocumentField path={at('cleanup')} label="Cleanup">
            {() => (
              <Segmented
                label="Cleanup"
                value={topic.cleanup}
                options={[
                  { value: 'delete', label: 'Delete old' },
                  { value: 'compact', label: 'Compact by key' },
                ]}
                onChange={(value) => edit(at('cleanup'), value === 'delete' ? undefined : value)}
              />
            )}
          </DocumentField>
        </div>
      </Section>
      <Section title="Records">
        <div className="flex flex-col gap-2">
          <DocumentField path={at('key')} label="Key">
            {(ids) => <TypeField ids={ids} type={topic.key} path={at('key')} />}
          </DocumentField>
          <DocumentField path={at('value')} label="Value">
            {(ids) => <TypeField ids={ids} type={topic.value} path={at('value')} />}
          </DocumentField>
          <DocumentField path={at('codec', 'key')} label="Key as">
            {(ids) => (
              <Select
                {...ids}
                value={topic.codec.key}
                options={codecOptions}
                onChange={(key) => edit(at('codec'), { key, value: topic.codec.value })}
              />
            )}
          </DocumentField>
          <DocumentField path={at('codec')} label="Value as">
            {(ids) => (
              <Select
                {...ids}
                value={topic.codec.value}
                options={codecOptions}
                onChange={(value) =>
                  edit(at('codec'), topic.codec.key === 'string' ? value : { key: topic.codec.key, value })
                }
              />
            )}
          </DocumentField>
          <DocumentField path={at('eventTime')} label="Event time">
            {(ids) => (
              <Select
                {...ids}
                mono={topic.eventTime.from === 'field'}
                value={
                  topic.eventTime.from === 'field' ? `value.${topic.eventTime.path.join('.')}` : topic.eventTime.from
                }
                options={times}
                onChange={(value) => edit(at('eventTime'), value === 'record' ? undefined : value)}
              />
            )}
          </DocumentField>
          {topic.eventTime.from !== 'now' && (
            <DocumentField
              path={at('maxAhead')}
              label="At most ahead"
              hint="Of the clock. What is further is a dead letter."
            >
              {(ids) => (
                <DurationField
                  ids={ids}
                  valueMs={topic.maxAheadMs}
                  path={at('maxAhead')}
                  minMs={0}
                  width="w-28"
                  empty="1 h"
                />
              )}
            </DocumentField>
          )}
        </div>
      </Section>
      <Section title="Transactions">
        <Segmented
          label="A record of a transaction counts"
          value={topic.isolation}
          options={[
            { value: 'read_committed', label: 'Once committed' },
            { value: 'read_uncommitted', label: 'At once' },
          ]}
          onChange={(value) => edit(at('isolation'), value === 'read_committed' ? undefined : value)}
        />
        <p className="mt-2 text-12 text-text-3">
          {topic.isolation === 'read_committed'
            ? 'Aborted records are left out. An open transaction holds back what follows it.'
            : 'Records count as they are written, aborted ones too.'}
        </p>
      </Section>
      <Section title="A record that does not decode">
        <Segmented
          label="A record that does not decode"
          value={topic.onDecodeError}
          options={[
            { value: 'dead-letter', label: 'Dead letters' },
            { value: 'skip', label: 'Skip' },
            { value: 'stop', label: 'Stop the app' },
          ]}
          onChange={(value) => edit(at('onDecodeError'), value === 'dead-letter' ? undefined : value)}
        />
        <p className="mt-2 text-12 text-text-3">
          {topic.onDecodeError === 'dead-letter'
            ? `Counted, shown with its reason, and kept in ${document.settings.deadLetterTopic}.`
            : topic.onDecodeError === 'skip'
              ? 'Counted and left out.'
              : 'The app stands still until the record is dealt with.'}
        </p>
      </Section>
      <UsedBy id={`topic:${name}`} />
    </>
  );
}

function timeOptions(topic: Topic | undefined, document: Parameters<typeof fieldsOf>[1] | undefined) {
  const fields = (topic && document && fieldsOf(topic.value, document)) ?? {};
  const timed = Object.entries(fields).filter(([, field]) => ['timestamp', 'long', 'date'].includes(field.type.kind));
  return [
    { value: 'record', label: 'Kafka’s timestamp' },
    { value: 'now', label: 'When it is read' },
    ...timed.map(([field, { type }]) => ({ value: `value.${field}`, label: `value.${field}`, hint: type.kind })),
  ];
}
