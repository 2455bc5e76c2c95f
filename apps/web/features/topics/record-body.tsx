'use client';
import type { TopicRecord } from '@millrace/protocol';
import { isExact, writeJson } from '@millrace/spec';
import { useState } from 'react';
import { formatBytes } from '#lib/format.ts';
import { cx } from '#ui/cx.ts';
import { Tabs } from '#ui/tabs.tsx';
import { bytesOf, hexLines, textOf } from './bytes.ts';
import { asObject, type Declared, masked, sensitiveFields } from './topic-query.ts';

const forms = ['decoded', 'raw', 'hex'] as const;
type Form = (typeof forms)[number];
const maxHexBytes = 4096;

/** A record's value: decoded, as text, byte by byte. */
export function RecordBody({ record, declared }: { readonly record: TopicRecord; readonly declared: Declared | null }) {
  const [form, setForm] = useState<Form>('decoded');
  const bytes = bytesOf(record.raw.value);
  const hidden = sensitiveFields(declared);
  return (
    <>
      <Tabs
        id="record"
        label="Forms of the value"
        value={form}
        onChange={setForm}
        className="h-9 border-b border-line px-4"
        options={[
          { value: 'decoded', label: 'Decoded' },
          { value: 'raw', label: 'Raw' },
          { value: 'hex', label: 'Hex' },
        ]}
      />
      <div
        id="record-panel"
        role="tabpanel"
        aria-labelledby={`record-${form}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        className="max-h-[360px] overflow-auto border-b border-line bg-inset px-4 py-2.5 font-mono text-12 leading-5 -outline-offset-2"
      >
        {form === 'decoded' && <Decoded record={record} declared={declared} hidden={hidden} />}
        {form !== 'decoded' && record.masked && (
          <p className="font-sans text-text-2">
            Not shown: {hidden.size === 0 ? 'what is in it, or derived,' : [...hidden].join(', ')}{' '}
            {hidden.size > 1 ? 'are' : 'is'} sensitive.
          </p>
        )}
        {form !== 'decoded' && !record.masked && record.tombstone && <Tombstone />}
        {form === 'raw' && !record.masked && !record.tombstone && (
          <pre className="whitespace-pre-wrap wrap-anywhere">{textOf(bytes)}</pre>
        )}
        {form === 'hex' && !record.masked && !record.tombstone && <Hex bytes={bytes} />}
      </div>
    </>
  );
}

const Tombstone = () => <p className="font-sans text-text-3">null: a tombstone, which deletes its key</p>;

function Decoded({
  record,
  declared,
  hidden,
}: {
  readonly record: TopicRecord;
  readonly declared: Declared | null;
  readonly hidden: ReadonlySet<string>;
}) {
  if (record.reason !== null) return <p className="font-sans text-warn">Not decoded: {record.reason}</p>;
  if (record.tombstone) return <Tombstone />;
  const object = asObject(record.value);
  if (object === null) return <pre className="whitespace-pre-wrap wrap-anywhere">{writeJson(record.value, 2)}</pre>;
  const names = [...new Set([...Object.keys(object), ...(declared?.fields.map(({ name }) => name) ?? [])])];
  return (
    <div>
      <div className="text-text-3">{'{'}</div>
      {names.map((name, index) => {
        const field = declared?.fields.find((one) => one.name === name);
        return (
          <div key={name} className="grid grid-cols-[minmax(0,1fr)_auto] gap-4">
            <span className="pl-4 whitespace-pre-wrap wrap-anywhere">
              "{name}":{' '}
              {hidden.has(name) ? <span className="text-text-3">{masked}</span> : <Value value={object[name]} />}
              {index < names.length - 1 && ','}
            </span>
            <span className="text-text-3">{field ? `${field.type}${field.optional ? ', optional' : ''}` : ''}</span>
          </div>
        );
      })}
      <div className="text-text-3">{'}'}</div>
    </div>
  );
}

function Value({ value }: { readonly value: unknown }) {
  const tone =
    typeof value === 'string'
      ? 'text-(--code-string)'
      : isExact(value)
        ? 'text-(--code-number)'
        : value === null || value === undefined || typeof value === 'boolean'
          ? 'text-accent'
          : '';
  return <span className={cx(tone)}>{writeJson(value, 2)}</span>;
}

function Hex({ bytes }: { readonly bytes: Uint8Array }) {
  const size = formatBytes(maxHexBytes);
  if (bytes.length === 0) return <p className="text-text-3">no bytes</p>;
  return (
    <>
      <table aria-label="Bytes" className="text-11 leading-[18px]">
        <tbody>
          {hexLines(bytes, maxHexBytes).map(({ at, hex, text }) => (
            <tr key={at} className="whitespace-pre">
              <td className="pr-3 text-text-3">{at}</td>
              <td className="pr-3">{hex}</td>
              <td className="text-text-2">{text}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {bytes.length > maxHexBytes && (
        <p className="mt-2 font-sans text-text-3">
          The first {size.value} {size.unit}.
        </p>
      )}
    </>
  );
}
