import type { AppDocument } from '../document/document.ts';
import type { Type } from '../document/type.ts';
import type { Edit } from '../problem.ts';
import { fieldsIn } from '../types/fields.ts';
import { renderDocument } from './render.ts';

export type ElementKind = 'model' | 'topic' | 'table' | 'agent';

/** The sections of a document, by what they hold. */
export const sectionOf: Readonly<Record<ElementKind, 'models' | 'topics' | 'tables' | 'agents'>> = {
  model: 'models',
  topic: 'topics',
  table: 'tables',
  agent: 'agents',
};

/** The text of an app with nothing in it. */
export const newDocumentText = (app: string): string => renderDocument({ app });

/** A new element as it is written, filled in with what the document suggests; the edit that adds it is `addElement`. */
export function elementSkeleton(kind: ElementKind, document: AppDocument | null): Readonly<Record<string, unknown>> {
  switch (kind) {
    case 'model':
      return { id: 'string', ts: 'timestamp' };
    case 'topic':
      return topicSkeleton(document);
    case 'table':
      return { key: 'string', window: { tumbling: '1m', grace: '10s' }, value: { count: 'count()' } };
    case 'agent':
      return agentSkeleton(document);
  }
}

/** A topic of a model that no other topic has yet, timed by the first timestamp in it. */
function topicSkeleton(document: AppDocument | null): Readonly<Record<string, unknown>> {
  const base = { partitions: 4, key: 'string' };
  if (document === null) return { ...base, value: 'string' };
  const taken = new Set(
    Object.values(document.topics).flatMap(({ value }) => (value.kind === 'model' ? [value.model] : [])),
  );
  const model = Object.keys(document.models).find((name) => !taken.has(name));
  if (model === undefined) return { ...base, value: { id: 'string' } };
  const type: Type = { kind: 'model', model };
  const time = Object.entries(fieldsIn(type, document.models) ?? {}).find(
    ([, field]) => field.type.kind === 'timestamp' && !field.optional,
  );
  return { ...base, value: model, ...(time === undefined ? {} : { eventTime: `value.${time[0]}` }) };
}

/** An agent on the only topic there is; else one to be wired up. */
function agentSkeleton(document: AppDocument | null): Readonly<Record<string, unknown>> {
  const [only, ...others] = Object.keys(document?.topics ?? {});
  return { from: only !== undefined && others.length === 0 ? only : [], steps: [] };
}

/** A name that is free: `topic`, then `topic-2`; for models `Model`, `Model2`. */
export function freeId(
  kind: ElementKind,
  document: AppDocument | null,
  wanted: string = kind === 'model' ? 'Model' : kind,
): string {
  const taken = document?.[sectionOf[kind]] ?? {};
  const between = kind === 'model' ? '' : '-';
  let id = wanted;
  for (let number = 2; Object.hasOwn(taken, id); number++) id = `${wanted}${between}${number}`;
  return id;
}

/** The edits that add an element, at a place of the canvas. */
export function addElement(
  kind: ElementKind,
  id: string,
  document: AppDocument | null,
  at?: { readonly x: number; readonly y: number },
): Edit[] {
  const edits: Edit[] = [{ path: [sectionOf[kind], id], value: elementSkeleton(kind, document) }];
  return at === undefined ? edits : [...edits, { path: ['layout', `${kind}:${id}`], value: at }];
}
