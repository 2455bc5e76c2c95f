'use client';
import {
  type Edit,
  everyMs,
  keptMs,
  overlaps,
  type Table,
  type Window,
  windowsPerEvent,
  writtenWindow,
} from '@millrace/spec';
import { ExternalLink, Pencil } from 'lucide-react';
import Link from 'next/link';
import { longDuration, spokenDuration } from '#features/canvas/words.ts';
import { useEditor, useEditorServices } from '#features/editor/editor-context.tsx';
import { useEntity } from '#lib/engine-client/index.ts';
import { formatBytes, formatCount, plural } from '#lib/format.ts';
import { Section } from '#ui/section.tsx';
import { Segmented } from '#ui/segmented.tsx';
import { TextButton } from '#ui/text-button.tsx';
import { AggregatesEditor } from './aggregates-editor.tsx';
import { DocumentField } from './document-field.tsx';
import { DurationField } from './duration-field.tsx';
import { NameField } from './name-field.tsx';
import { Sentence, SentencePart } from './sentence.tsx';
import { keyWords, lastWords, whatWords } from './table-words.ts';
import { TypeField } from './type-field.tsx';
import { UsedBy } from './used-by.tsx';
import { WindowStairs } from './window-stairs.tsx';

/** A table: the sentence, its windows, its aggregates, and what that costs. */
export function TableForm({ name }: { readonly name: string }) {
  const { store, deployed } = useEditorServices();
  const document = useEditor((state) => state.draft.reading?.document);
  const table = document?.tables[name];
  if (!document || !table) return null;
  const at = (...rest: string[]) => ['tables', name, ...rest];
  const edit = (...edits: Edit[]) => store.getState().edit(edits);
  const was = deployed?.tables[name];
  const windowChanged = was !== undefined && JSON.stringify(was.window) !== JSON.stringify(table.window);
  const { window } = table;
  return (
    <>
      <Sentence
        note={
          <>
            {windowChanged && was && (
              <p className="flex items-center gap-1.5 text-12 text-warn">
                <Pencil aria-hidden="true" size={12} />
                was {was.window ? lastWords(was.window) : 'for all time'} in what is deployed
                <TextButton
                  className="ml-auto"
                  onClick={() => edit({ path: at('window'), ...(was.window && { value: writtenWindow(was.window) }) })}
                >
                  Revert
                </TextButton>
              </p>
            )}
            {window && <WindowStairs window={window} />}
          </>
        }
      >
        {whatWords(table).verb} <SentencePart path={at('value')}>{whatWords(table).what}</SentencePart> by{' '}
        <SentencePart path={at('key')}>{keyWords(document, name)}</SentencePart>
        {window ? (
          <>
            {' '}
            over{' '}
            <SentencePart path={at('window', window.kind)} changed={windowChanged}>
              {overlaps(window) ? `the last ${longDuration(window.sizeMs)}` : `each ${longDuration(window.sizeMs)}`}
            </SentencePart>
            {overlaps(window) && (
              <>
                , updating every{' '}
                <SentencePart
                  path={at('window', 'every')}
                  changed={
                    windowChanged &&
                    was?.window !== undefined &&
                    overlaps(was.window) &&
                    everyMs(was.window) !== everyMs(window)
                  }
                >
                  {spokenDuration(everyMs(window))}
                </SentencePart>
              </>
            )}
            .
          </>
        ) : (
          ', for all time.'
        )}
      </Sentence>
      <Section title="Window">
        <WindowFields name={name} window={window} />
      </Section>
      <AggregatesEditor name={name} table={table} />
      <Section title="Key and output">
        <div className="flex flex-col gap-2">
          <NameField id={`table:${name}`} />
          <DocumentField path={at('key')} label="Key">
            {(ids) => <TypeField ids={ids} type={table.key} path={at('key')} />}
          </DocumentField>
          <DocumentField path={at('emit')} label="Emit">
            {() => (
              <Segmented
                label="When changes go on"
                value={table.emit}
                options={[
                  { value: 'update', label: 'Each update' },
                  ...(window ? [{ value: 'close' as const, label: 'When it closes' }] : []),
                ]}
                onChange={(value) => edit({ path: at('emit'), ...(value === 'close' && { value }) })}
              />
            )}
          </DocumentField>
        </div>
      </Section>
      <UsedBy id={`table:${name}`} />
      <Cost name={name} table={table} />
    </>
  );
}

function WindowFields({ name, window }: { readonly name: string; readonly window: Window | undefined }) {
  const { store } = useEditorServices();
  const at = (...rest: string[]) => ['tables', name, 'window', ...rest];
  const edit = (...edits: Edit[]) => store.getState().edit(edits);
  const choose = (kind: 'none' | 'tumbling' | 'hopping') => {
    if (kind === 'none') return edit({ path: at() }, { path: ['tables', name, 'emit'] });
    const sizeMs = window?.sizeMs ?? (kind === 'hopping' ? 300_000 : 60_000);
    const graceMs = window?.graceMs ?? 30_000;
    const kept = window?.retentionMs === undefined ? {} : { retentionMs: window.retentionMs };
    edit({
      path: at(),
      value: writtenWindow(
        kind === 'hopping'
          ? { kind, sizeMs, everyMs: Math.max(1, Math.round(sizeMs / 30)), graceMs, ...kept }
          : { kind, sizeMs, graceMs, ...kept },
      ),
    });
  };
  return (
    <div className="flex flex-col gap-2">
      <DocumentField path={at()} label="Kind">
        {() => (
          <Segmented
            label="Kind of window"
            value={window?.kind ?? 'none'}
            options={[
              { value: 'none', label: 'None' },
              { value: 'tumbling', label: 'Tumbling' },
              { value: 'hopping', label: 'Hopping' },
            ]}
            onChange={choose}
          />
        )}
      </DocumentField>
      {window && (
        <>
          <DocumentField path={at(window.kind)} label="Size">
            {(ids) => (
              <span className="flex items-center gap-2">
                <DurationField
                  ids={ids}
                  valueMs={window.sizeMs}
                  path={at(window.kind)}
                  width="!w-[104px]"
                  {...(window.kind === 'hopping' && { minMs: window.everyMs })}
                />
                {window.kind === 'hopping' && (
                  <>
                    <span className="text-12 text-text-2">every</span>
                    <DurationField
                      label="Every"
                      valueMs={window.everyMs}
                      path={at('every')}
                      width="!w-[84px]"
                      maxMs={window.sizeMs}
                    />
                  </>
                )}
              </span>
            )}
          </DocumentField>
          <DocumentField path={at('grace')} label="Grace" hint="How late a record may come and still count.">
            {(ids) => (
              <span className="flex items-center gap-2">
                <DurationField ids={ids} valueMs={window.graceMs} path={at('grace')} width="!w-[104px]" minMs={0} />
                <span className="text-12 text-text-2">keep</span>
                <DurationField
                  label="Keep"
                  valueMs={window.retentionMs}
                  path={at('retention')}
                  width="!w-[84px]"
                  minMs={window.sizeMs + window.graceMs}
                  empty={spokenDuration(keptMs(window))}
                />
              </span>
            )}
          </DocumentField>
        </>
      )}
    </div>
  );
}

/** What it holds now, and what its windows make of it. */
function Cost({ name, table }: { readonly name: string; readonly table: Table }) {
  const { live, store } = useEditorServices();
  const entity = useEntity(live, 'table', `table:${name}`);
  const each = table.window === undefined ? 1 : windowsPerEvent(table.window);
  const size = entity && formatBytes(entity.sizeBytes);
  return (
    <div className="px-4 py-3 text-12 leading-[18px] text-text-2">
      {entity && size ? (
        <p>
          {plural(entity.keys, 'key')}, {formatCount(entity.entries)} {entity.entries === 1 ? 'entry' : 'entries'},{' '}
          <strong className="font-semibold text-text">
            {size.value} {size.unit}
          </strong>{' '}
          in memory now.
          {each > 1 && <> Each record is counted in {formatCount(each)} windows.</>}
        </p>
      ) : (
        <p>
          {each > 1
            ? `Each record is counted in ${formatCount(each)} windows: a smaller step costs more.`
            : 'One entry per key.'}{' '}
          Backed by a changelog topic in Kafka.
        </p>
      )}
      <Link
        href={`/apps/${store.getState().app}/tables/${name}`}
        className="mt-1 inline-flex items-center gap-1 rounded-tag text-accent hover:underline"
      >
        Open the live rows <ExternalLink aria-hidden="true" size={12} />
      </Link>
    </div>
  );
}
