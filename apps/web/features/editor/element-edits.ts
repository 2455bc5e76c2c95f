import { type AppDocument, type Edit, fieldsOf, formatType } from '@millrace/spec';
import type { Position } from '../canvas/layout.ts';
import { pathOf, splitId } from './draft.ts';

export type NewKind = 'topic' | 'agent' | 'table' | 'model';

/** `topic`, `topic-2`, …: a name that no element of that kind has. */
export function freeId(wanted: string, taken: Readonly<Record<string, unknown>>): string {
  if (!Object.hasOwn(taken, wanted)) return wanted;
  let number = 2;
  while (Object.hasOwn(taken, `${wanted}-${number}`)) number += 1;
  return `${wanted}-${number}`;
}

const place = (id: string, at: Position | null): Edit[] => (at === null ? [] : [{ path: ['layout', id], value: { x: Math.round(at.x), y: Math.round(at.y) } }]);

/** A new element, as small as it can be and still be valid; wired to the selected one where that fits. */
export function addElement(document: AppDocument, kind: NewKind, near: string | null, at: Position | null): { readonly id: string; readonly edits: readonly Edit[] } {
  const [nearKind, nearName] = near === null ? ['', ''] : splitId(near);
  switch (kind) {
    case 'model': {
      const taken = document.models;
      let name = 'Record';
      for (let number = 2; Object.hasOwn(taken, name); number += 1) name = `Record${number}`;
      return { id: `model:${name}`, edits: [{ path: ['models', name], value: { id: 'string' } }] };
    }
    case 'topic': {
      const name = freeId('topic', document.topics);
      const [model] = Object.keys(document.models);
      const id = `topic:${name}`;
      return { id, edits: [{ path: ['topics', name], value: { partitions: 4, key: 'string', ...(model !== undefined && { value: model }) } }, ...place(id, at)] };
    }
    case 'table': {
      const name = freeId('table', document.tables);
      const id = `table:${name}`;
      const feed: Edit[] = nearKind === 'agent' ? [{ path: ['agents', nearName, 'steps', document.agents[nearName]?.steps.length ?? 0], value: { aggregate: name } }] : [];
      return { id, edits: [{ path: ['tables', name], value: { key: 'string', value: { count: 'count()' } } }, ...feed, ...place(id, at)] };
    }
    case 'agent': {
      const name = freeId('agent', document.agents);
      const id = `agent:${name}`;
      const [firstTopic] = Object.keys(document.topics);
      const from = nearKind === 'topic' ? nearName : nearKind === 'table' ? { changes: nearName } : (firstTopic ?? 'logins');
      return { id, edits: [{ path: ['agents', name], value: { from, steps: [] } }, ...place(id, at)] };
    }
  }
}

/** A count of a topic's records by one of their fields: an agent and a windowed table, wired. */
export function countBy(document: AppDocument, topic: string, field: string): { readonly id: string; readonly edits: readonly Edit[] } {
  const slug = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const table = freeId(`${slug(topic)}-by-${slug(field)}`, document.tables);
  const agent = freeId(`count-${slug(topic)}-by-${slug(field)}`, document.agents);
  const value = document.topics[topic]?.value;
  const type = value && fieldsOf(value, document)?.[field]?.type;
  return {
    id: `table:${table}`,
    edits: [
      { path: ['tables', table], value: { key: type ? formatType(type) : 'string', window: { hopping: '5m', every: '10s', grace: '30s' }, value: { count: 'count()' } } },
      { path: ['agents', agent], value: { from: topic, steps: [{ group_by: `value.${field}` }, { aggregate: table }] } },
    ],
  };
}

/** The fields of a topic that records can be counted by: texts and enums that are always there. */
export function countable(document: AppDocument, topic: string): readonly string[] {
  const value = document.topics[topic]?.value;
  const fields = (value && fieldsOf(value, document)) ?? {};
  return Object.entries(fields)
    .filter(([, field]) => !field.optional && ['string', 'enum', 'uuid'].includes(field.type.kind))
    .map(([name]) => name);
}

/** Takes an element out, with the channels that end in it: steps that fill it, and its place among an agent's several sources. */
export function removeElement(document: AppDocument, id: string): Edit[] {
  const [kind, name] = splitId(id);
  const edits: Edit[] = [{ path: pathOf(id) }];
  if (Object.hasOwn(document.layout, id)) edits.push({ path: ['layout', id] });
  for (const [agent, { from, steps }] of Object.entries(document.agents)) {
    if (id === `agent:${agent}`) continue;
    if (kind === 'topic' && from.kind === 'topics' && from.topics.length > 1 && from.topics.includes(name)) edits.push({ path: ['agents', agent, 'from'], value: from.topics.filter((topic) => topic !== name) });
    for (const [index, step] of [...steps.entries()].reverse()) {
      if ((kind === 'table' && step.op === 'aggregate' && step.table === name) || (kind === 'topic' && step.op === 'send' && step.to === name)) edits.push({ path: ['agents', agent, 'steps', index] });
    }
  }
  return edits;
}
