import type { DocumentPath } from '../problem.ts';

const kinds: Readonly<Record<string, string>> = { models: 'model', topics: 'topic', tables: 'table', agents: 'agent' };

/** The element that a path leads into, in words: `topic logins`, `agent alert, step 2 (send)`. */
export function elementWords(path: DocumentPath): string {
  const [section, name, steps, index, operator] = path;
  const kind = kinds[String(section)];
  if (section === undefined) return 'the document';
  if (kind === undefined) return String(section);
  if (name === undefined) return String(section);
  const element = `${kind} ${name}`;
  if (steps !== 'steps' || typeof index !== 'number') return element;
  return `${element}, step ${index + 1}${typeof operator === 'string' && operator !== 'id' ? ` (${operator})` : ''}`;
}

/** What of the element the path means, in words: `partitions`, `fields.ip.type`; empty for the element itself. */
export function placeWords(path: DocumentPath): string {
  const [section, , steps, index] = path;
  if (section === undefined || kinds[String(section)] === undefined) return path.slice(1).join('.');
  return path.slice(steps === 'steps' && typeof index === 'number' ? 5 : 2).join('.');
}
