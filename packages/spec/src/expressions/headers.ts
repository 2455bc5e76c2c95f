import type { Span } from '../problem.ts';
import { type Evaluate, ExpressionError } from './evaluation.ts';

/** A record's headers as expressions take them: Kafka's list, a name any number of times; undefined: none. */
export type Headers = readonly (readonly [name: string, value: Uint8Array | null])[] | undefined;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** `headers.name`: of a name that repeats the last one, as Kafka's `lastHeader`. Bytes to Kafka, text here; those that are no text throw. */
export const headerNamed =
  (name: string, span: Span): Evaluate =>
  (_key, _value, _timeMs, headers) =>
    lastText(headers as Headers, name, span); // as every caller of an expression hands them in

/** `headers[name]`. */
export const headerOf =
  (index: Evaluate, span: Span): Evaluate =>
  (key, value, timeMs, headers, window) => {
    const name = index(key, value, timeMs, headers, window);
    return typeof name === 'string' ? lastText(headers as Headers, name, span) : null; // as above
  };

/** `headers` on their own: a map of what `headers.name` gives for each name. */
export const allHeaders =
  (span: Span): Evaluate =>
  (_key, _value, _timeMs, headers) =>
    Object.fromEntries((headers as Headers)?.map(([name, value]) => [name, textOf(name, value, span)]) ?? []); // as above

const lastText = (headers: Headers, name: string, span: Span): string | null => {
  if (headers === undefined) return null;
  for (let i = headers.length - 1; i >= 0; i--) {
    const header = headers[i];
    if (header?.[0] === name) return textOf(name, header[1], span);
  }
  return null;
};

const textOf = (name: string, value: Uint8Array | null, span: Span): string | null => {
  if (value === null) return null;
  try {
    return utf8.decode(value);
  } catch {
    throw new ExpressionError(`the header ${name} is not UTF-8 text`, span);
  }
};
