import type { RecordHeader } from '@millrace/protocol';
import { type RecordHeaders, type RecordHeader as SentHeader, textHeaders } from '@millrace/streams';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Headers as people see them. */
export const shownHeaders = (headers: RecordHeaders | undefined): RecordHeader[] =>
  (headers ?? []).map(([name, value]) => {
    if (value === null) return { name, text: null };
    try {
      return { name, text: utf8.decode(value) };
    } catch {
      return { name, text: null, base64: value.toString('base64') };
    }
  });

/** The headers of a record that is sent by hand. */
export const sentHeaders = (
  headers: readonly RecordHeader[] | Readonly<Record<string, string>> | undefined,
): RecordHeaders => (isList(headers) ? headers.map(sentHeader) : textHeaders(Object.entries(headers ?? {})));

const sentHeader = ({ name, text, base64 }: RecordHeader): SentHeader => {
  if (base64 !== undefined) return [name, Buffer.from(base64, 'base64')];
  return [name, text === null ? null : Buffer.from(text)];
};

const isList = (
  headers: readonly RecordHeader[] | Readonly<Record<string, string>> | undefined,
): headers is readonly RecordHeader[] => Array.isArray(headers);
