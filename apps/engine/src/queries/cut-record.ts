import type { RecordHeader, TopicRecord } from '@millrace/protocol';

/** A record up to this size stands in a list as it is, bytes. */
const smallBytes = 4_096;
/** A text in a list, a list's items, a mapping's fields, levels of nesting; and what a value has in all, characters. */
const maxText = 400;
const maxItems = 40;
const maxFields = 100;
const maxDepth = 12;
const maxValue = 4_096;
/** Of the raw bytes, as base64. */
const maxRaw = 1_024;

/** A record as it stands in a list: a large one in part, and called so (`cut`). Fields keep their names and their order. */
export function cutRecord(record: TopicRecord): TopicRecord {
  const headers = JSON.stringify(record.headers).length;
  if (record.sizeBytes + headers <= smallBytes) return record;
  return {
    ...record,
    cut: true,
    key: cutValue(record.key),
    keyText: record.keyText === null ? null : cutText(record.keyText),
    value: cutValue(record.value),
    headers: cutHeaders(record.headers),
    raw: { key: record.raw.key?.slice(0, maxRaw) ?? null, value: record.raw.value?.slice(0, maxRaw) ?? null },
  };
}

function cutHeaders(headers: readonly RecordHeader[]): RecordHeader[] {
  const shown = headers.slice(0, maxItems).map(({ name, text, base64 }) => ({
    name: cutText(name),
    text: text === null ? null : cutText(text),
    ...(base64 === undefined ? {} : { base64: base64.slice(0, maxText) }),
  }));
  if (shown.length < headers.length) shown.push({ name: '…', text: `${headers.length - shown.length} more` });
  return shown;
}

function cutText(text: string): string {
  if (text.length <= maxText) return text;
  const end = /[\uD800-\uDBFF]/.test(text.charAt(maxText - 1)) ? maxText - 1 : maxText; // no half of a character
  return `${text.slice(0, end)}…`;
}

/** What is left out is a `…` in its place, with how much it was. */
function cutValue(value: unknown): unknown {
  let left = maxValue;
  const cut = (part: unknown, depth: number): unknown => {
    if (typeof part === 'string') {
      const text = cutText(part);
      left -= text.length;
      return text;
    }
    left -= 8;
    if (typeof part !== 'object' || part === null) return part;
    if (Array.isArray(part)) {
      if (depth >= maxDepth) return `… a list of ${part.length}`;
      const items: unknown[] = [];
      while (items.length < part.length && items.length < maxItems && left > 0)
        items.push(cut(part[items.length], depth + 1));
      return items.length === part.length ? items : [...items, `… ${part.length - items.length} more`];
    }
    if (!isPlain(part)) return part;
    const names = Object.keys(part);
    if (depth >= maxDepth) return `… ${names.length} fields`;
    const fields: [string, unknown][] = [];
    for (const name of names) {
      if (fields.length >= maxFields || left <= 0) break;
      left -= name.length;
      fields.push([name.length > maxText ? cutText(name) : name, cut(Reflect.get(part, name), depth + 1)]);
    }
    if (fields.length < names.length) fields.push(['…', `${names.length - fields.length} more fields`]);
    return Object.fromEntries(fields);
  };
  return cut(value, 0);
}

/** Not a number or a time of a class of its own, which are short. */
const isPlain = (value: object): boolean => {
  const above: unknown = Object.getPrototypeOf(value);
  return above === Object.prototype || above === null;
};
