'use client';
import type { RecordHeader } from '@millrace/protocol';
import { Section } from '#ui/section.tsx';
import { bytesOf, hexText } from './bytes.ts';

/** A record's headers, each in its place: names may come more than once. */
export function RecordHeaders({ headers }: { readonly headers: readonly RecordHeader[] }) {
  return (
    <Section title={headers.length === 0 ? 'No headers' : `Headers ${headers.length}`}>
      {headers.length > 0 && (
        <dl>
          {headers.map((header, index) => (
            <div
              // biome-ignore lint/suspicious/noArrayIndexKey: a header's place is all that tells it from another of its name
              key={index}
              className="grid min-h-7 grid-cols-[150px_minmax(0,1fr)_auto] items-center gap-3 border-b border-line text-12 last:border-0"
            >
              <dt className="truncate text-text-2" title={header.name}>
                {header.name}
              </dt>
              <HeaderValue header={header} />
            </div>
          ))}
        </dl>
      )}
    </Section>
  );
}

function HeaderValue({ header: { text, base64 } }: { readonly header: RecordHeader }) {
  if (base64 !== undefined)
    return (
      <>
        <dd className="py-1 font-mono wrap-anywhere">{hexText(bytesOf(base64))}</dd>
        <dd className="text-text-3">bytes</dd>
      </>
    );
  if (text === null || text === '')
    return <dd className="py-1 font-mono text-text-3">{text === null ? 'null' : 'empty'}</dd>;
  return <dd className="py-1 font-mono wrap-anywhere">{text}</dd>;
}
