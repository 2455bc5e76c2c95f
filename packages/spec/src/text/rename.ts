import { own } from '../document/element.ts';
import { isMapping } from '../document/form.ts';
import type { DocumentPath, Edit } from '../problem.ts';
import { readYaml } from './read-yaml.ts';
import { type ElementKind, sectionOf } from './skeleton.ts';

/**
 * The edits that give an element another id, everywhere it is mentioned, its place on the canvas included. The element's Kafka resources follow
 * its id: what is deployed under the old one is dropped by the next deploy. Empty where the text is not YAML or has no such element.
 */
export function renameElement(text: string, kind: ElementKind, id: string, newId: string): Edit[] {
  const authored = plain(text);
  const section = sectionOf[kind];
  if (!isMapping(authored) || id === newId || own(mapping(authored[section]), id) === undefined) return [];
  const edits: Edit[] = [];
  const mention = (path: DocumentPath, value: unknown): void => {
    if (value === id) edits.push({ path, value: newId });
  };
  for (const [name, agent] of Object.entries(mapping(authored['agents']))) {
    const path = ['agents', name];
    if (kind === 'topic') sources(mapping(agent)['from'], [...path, 'from'], mention);
    if (kind === 'table') mention([...path, 'from', 'changes'], mapping(mapping(agent)['from'])['changes']);
    for (const [index, step] of list(mapping(agent)['steps']).entries()) {
      const { aggregate, send } = mapping(step);
      if (kind === 'table') mention([...path, 'steps', index, 'aggregate'], aggregate);
      if (kind !== 'topic') continue;
      mention([...path, 'steps', index, 'send'], send);
      mention([...path, 'steps', index, 'send', 'to'], mapping(send)['to']);
    }
  }
  if (kind === 'topic') mention(['settings', 'deadLetters'], mapping(authored['settings'])['deadLetters']);
  if (kind === 'model') edits.push(...typeMentions(authored, id, newId));
  if (own(mapping(authored['layout']), `${kind}:${id}`) !== undefined)
    edits.push({ path: ['layout', `${kind}:${id}`], rename: `${kind}:${newId}` });
  // Last, for the paths above go by the names that are still there.
  return [...edits, { path: [section, id], rename: newId }];
}

function plain(text: string): unknown {
  try {
    const yaml = readYaml(text);
    return yaml.errors.length === 0 ? yaml.toJS() : null;
  } catch (error) {
    // Not YAML: nothing to rename. The editor shows why, from parseDocument.
    if (error instanceof Error) return null;
    throw error;
  }
}

const mapping = (value: unknown): Readonly<Record<string, unknown>> => (isMapping(value) ? value : {});
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function sources(from: unknown, path: DocumentPath, mention: (path: DocumentPath, value: unknown) => void): void {
  mention(path, from);
  for (const [index, topic] of list(from).entries()) mention([...path, index], topic);
  for (const key of ['topic', 'topics']) {
    const named = mapping(from)[key];
    mention([...path, key], named);
    for (const [index, topic] of list(named).entries()) mention([...path, key, index], topic);
  }
}

/** Every text of a type that names the model. */
function typeMentions(authored: Readonly<Record<string, unknown>>, id: string, newId: string): Edit[] {
  const word = new RegExp(`(?<![\\w$'"])${id.replaceAll('$', '\\$')}(?![\\w$'"])`, 'g');
  const edits: Edit[] = [];
  const walk = (value: unknown, path: DocumentPath): void => {
    if (typeof value === 'string') {
      const renamed = value.replaceAll(word, () => newId);
      if (renamed !== value) edits.push({ path, value: renamed });
    } else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) walk(item, [...path, index]);
    } else if (isMapping(value)) {
      for (const [key, entry] of Object.entries(value))
        if (!notTypes.has(key) || isMapping(entry)) walk(entry, [...path, key]);
    }
  };
  walk(authored['models'], ['models']);
  for (const [name, topic] of Object.entries(mapping(authored['topics']))) {
    walk(mapping(topic)['key'], ['topics', name, 'key']);
    walk(mapping(topic)['value'], ['topics', name, 'value']);
  }
  for (const [name, table] of Object.entries(mapping(authored['tables'])))
    walk(mapping(table)['key'], ['tables', name, 'key']);
  return edits;
}

/** Attributes of a field whose text is not a type. A field of that name with a type is not told apart, where it names a model. */
const notTypes = new Set(['label', 'default', 'pattern', 'alias', 'enum']);
