import { type AppDocument, fieldsOf, type Scope } from '@millrace/spec';

export const operators = [
  { operator: 'filter', label: 'filter', words: 'drops events' },
  { operator: 'map', label: 'map', words: 'makes a new value' },
  { operator: 'set', label: 'set', words: 'sets fields, keeps the rest' },
  { operator: 'keep', label: 'keep', words: 'keeps only some fields' },
  { operator: 'drop', label: 'drop', words: 'takes fields out' },
  { operator: 'rename', label: 'rename', words: 'renames fields' },
  { operator: 'group_by', label: 'group_by', words: 'gives another key' },
  { operator: 'aggregate', label: 'aggregate', words: 'keeps a result in a table' },
  { operator: 'send', label: 'send', words: 'writes to a topic' },
] as const;
export type Operator = (typeof operators)[number]['operator'];

/** A step as it starts: valid for what comes in, as far as what comes in is known. */
export function skeleton(
  operator: Operator,
  document: AppDocument,
  scope: Scope | undefined,
): Readonly<Record<string, unknown>> {
  const fields = Object.entries((scope && fieldsOf(scope.value, document)) ?? {});
  const [first] = fields.map(([name]) => name);
  const text = fields.find(([, field]) => !field.optional && ['string', 'enum', 'uuid'].includes(field.type.kind))?.[0];
  const flag = fields.find(([, field]) => field.type.kind === 'boolean')?.[0];
  switch (operator) {
    case 'filter':
      return {
        filter: flag === undefined ? (first === undefined ? 'true' : `value.${first} != null`) : `value.${flag}`,
      };
    case 'map':
      return {
        map: Object.fromEntries(
          fields
            .slice(0, 3)
            .map(([name]) => [name, `value.${name}`])
            .concat(fields.length === 0 ? [['key', 'key']] : []),
        ),
      };
    case 'set':
      return { set: { at: 'time' } };
    case 'keep':
      return {
        keep: fields
          .slice(0, 2)
          .map(([name]) => name)
          .concat(first === undefined ? ['field'] : []),
      };
    case 'drop':
      return { drop: [fields.at(-1)?.[0] ?? 'field'] };
    case 'rename':
      return { rename: { [first ?? 'field']: `${first ?? 'field'}2` } };
    case 'group_by':
      return { group_by: text === undefined ? 'key' : `value.${text}` };
    case 'aggregate':
      return { aggregate: Object.keys(document.tables)[0] ?? 'table' };
    case 'send':
      return { send: Object.keys(document.topics).at(-1) ?? 'topic' };
  }
}
