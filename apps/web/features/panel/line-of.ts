import type { Span } from '@millrace/spec';

/** Where an element's key stands in the text, as far as indentation tells: good enough to scroll to. Null where it isn't found. */
export function lineOf(text: string, [section, name]: readonly [string, string]): Span | null {
  let offset = 0;
  let inside = false;
  for (const line of text.split('\n')) {
    if (/^\S/.test(line)) inside = line.startsWith(`${section}:`);
    const key = /^\s+["']?([\w.$-]+)["']?\s*:/.exec(line)?.[1];
    if (inside && key === name) {
      const start = offset + line.search(/\S/);
      return { start, end: start + name.length };
    }
    offset += line.length + 1;
  }
  return null;
}
