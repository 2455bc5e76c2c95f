import {
  type AppDocument,
  type Edit,
  type ElementKind,
  fieldsOf,
  formatType,
  freeId,
  addElement as newElement,
  slug,
} from '@millrace/spec';
import { pathOf, splitId } from './draft.ts';

export type NewKind = ElementKind;

/** A new element, as small as it can be and still be valid; wired to the selected one where that fits. */
export function addElement(
  document: AppDocument,
  kind: NewKind,
  near: string | null,
): { readonly id: string; readonly edits: readonly Edit[] } {
  const name = freeId(kind, document);
  const [nearKind, nearName] = near === null ? ['', ''] : splitId(near);
  const edits = newElement(kind, name, document);
  if (kind === 'agent' && nearKind === 'topic') edits.push({ path: ['agents', name, 'from'], value: nearName });
  if (kind === 'agent' && nearKind === 'table')
    edits.push({ path: ['agents', name, 'from'], value: { changes: nearName } });
  if (kind === 'table' && nearKind === 'agent')
    edits.push({
      path: ['agents', nearName, 'steps', document.agents[nearName]?.steps.length ?? 0],
      value: { aggregate: name },
    });
  return { id: `${kind}:${name}`, edits };
}

/** A count of a topic's records by one of their fields: an agent and a windowed table, wired. */
export function countBy(
  document: AppDocument,
  topic: string,
  field: string,
): { readonly id: string; readonly edits: readonly Edit[] } {
  const table = freeId('table', document, `${slug(topic)}-by-${slug(field)}`);
  const agent = freeId('agent', document, `count-${slug(topic)}-by-${slug(field)}`);
  const value = document.topics[topic]?.value;
  const type = value && fieldsOf(value, document)?.[field]?.type;
  return {
    id: `table:${table}`,
    edits: [
      {
        path: ['tables', table],
        value: {
          key: type ? formatType(type) : 'string',
          window: { hopping: '5m', every: '10s', grace: '30s' },
          value: { count: 'count()' },
        },
      },
      {
        path: ['agents', agent],
        value: { from: topic, steps: [{ group_by: `value.${field}` }, { aggregate: table }] },
      },
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
    if (kind === 'topic' && from.kind === 'topics' && from.topics.length > 1 && from.topics.includes(name))
      edits.push({ path: ['agents', agent, 'from'], value: from.topics.filter((topic) => topic !== name) });
    for (const [index, step] of [...steps.entries()].reverse()) {
      if (
        (kind === 'table' && step.op === 'aggregate' && step.table === name) ||
        (kind === 'topic' && step.op === 'send' && step.to === name)
      )
        edits.push({ path: ['agents', agent, 'steps', index] });
    }
  }
  return edits;
}
