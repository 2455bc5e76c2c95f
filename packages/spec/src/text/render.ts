import { isMapping } from '../document/form.ts';

/** Lines are no longer than this where that can be helped. */
const width = 100;

/** What YAML 1.1 or 1.2 reads as something other than a text. */
const notText =
  /^(null|true|false|yes|no|on|off|~|[-+]?(\d[\d_]*)(\.\d*)?([eE][-+]?\d+)?|[-+]?\.\d+([eE][-+]?\d+)?|0[ox][\da-fA-F]+|[-+]?\.(inf|nan))$/i;
const plainStart = /^[\p{L}\p{N}_$(/]/u;
const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\uFEFF]/u;

/** A scalar as YAML: plain where that is unmistakable, else in the quotes that need the fewest escapes. */
export function renderScalar(value: unknown, inFlow: boolean): string {
  if (typeof value !== 'string') return value === undefined || value === null ? 'null' : JSON.stringify(value);
  const isPlain =
    plainStart.test(value) &&
    !notText.test(value) &&
    !unprintable.test(value) &&
    !/: |:$| #| $/.test(value) &&
    !(inFlow && /[,[\]{}:]/.test(value));
  if (isPlain) return value;
  return value.includes('"') && !/['\\]/.test(value) && !unprintable.test(value) ? `'${value}'` : JSON.stringify(value);
}

const renderKey = (key: string): string =>
  /^[A-Za-z_]([\w.:-]*[\w.-])?$/.test(key) && !notText.test(key) ? key : JSON.stringify(key);

/** In one line, as `{ ip: string, tags: [a, b] }`. */
export function renderFlow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(renderFlow).join(', ')}]`;
  if (!isMapping(value)) return renderScalar(value, true);
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return entries.length === 0
    ? '{}'
    : `{ ${entries.map(([key, entry]) => `${renderKey(key)}: ${renderFlow(entry)}`).join(', ')} }`;
}

/** Sections and elements whose parts have lines of their own, by the depth of the path. */
function isBlock(path: readonly (string | number)[], value: unknown, column: number): boolean {
  const [section] = path;
  if (!isMapping(value) && !Array.isArray(value)) return false;
  if ((Array.isArray(value) ? value : Object.keys(value)).length === 0) return false;
  if (path.length < 2) return true;
  if (path.length === 2 && section !== 'topics' && section !== 'layout') return true;
  if (section === 'agents' && path[2] === 'steps' && path.length <= 4) return true;
  return column + renderFlow(value).length > width;
}

/**
 * A value as it stands after `key:` or `-` at `path`, from the space or the line break on, without one at its end. `indent` is the column of
 * the value's own parts.
 */
export function renderValue(value: unknown, path: readonly (string | number)[], indent: number): string {
  if (!isBlock(path, value, indent + 12)) {
    return ` ${isMapping(value) || Array.isArray(value) ? renderFlow(value) : renderScalar(value, false)}`;
  }
  return `\n${renderParts(value, path, indent)}`;
}

/** The lines of a block mapping or list. */
function renderParts(value: unknown, path: readonly (string | number)[], indent: number): string {
  const margin = ' '.repeat(indent);
  if (Array.isArray(value))
    return value.map((item, index) => `${margin}${renderItem(item, [...path, index], indent)}`).join('\n');
  return Object.entries(value as Readonly<Record<string, unknown>>) // a block is a list or a mapping
    .filter(([, entry]) => entry !== undefined)
    .map(([key, entry]) => `${margin}${renderEntry(key, entry, [...path, key], indent)}`)
    .join('\n');
}

/** `key: value`, its further lines indented below `indent`. */
export const renderEntry = (key: string, value: unknown, path: readonly (string | number)[], indent: number): string =>
  `${renderKey(key)}:${renderValue(value, path, indent + 2)}`;

/** `- item`, its further lines indented below `indent`; a mapping starts on the line of its dash. */
export function renderItem(value: unknown, path: readonly (string | number)[], indent: number): string {
  if (!isBlock(path, value, indent + 2)) return `-${renderValue(value, path, indent + 2)}`;
  return `- ${renderParts(value, path, indent + 2).trimStart()}`;
}

/** A new document's text. The order of the keys is kept; an empty line sets the sections apart. */
export function renderDocument(authored: unknown): string {
  if (!isMapping(authored)) return `${renderFlow(authored)}\n`;
  let text = '';
  for (const [key, value] of Object.entries(authored)) {
    if (value === undefined) continue;
    const entry = renderEntry(key, value, [key], 0);
    text += text !== '' && entry.includes('\n') ? `\n${entry}\n` : `${entry}\n`;
  }
  return text === '' ? '{}\n' : text;
}
