import { type AppDocument, type BinaryCodec, type Codec, isBinaryCodec, type Topic } from '../document/document.ts';
import { own } from '../document/element.ts';
import { inQuotes } from '../document/schema-problem.ts';
import type { Field, Type } from '../document/type.ts';
import { formatType, isUnknown } from '../document/type-text.ts';
import { repartitions } from '../graph/partitions.ts';
import { changelogTopic, lateTopic, repartitionTopic } from '../names.ts';
import { Decimal } from '../numbers/decimal.ts';
import { type Exact, longIn, numberOf } from '../numbers/exact.ts';
import { compareNumbers } from '../numbers/order.ts';
import type { DocumentPath, Problem, ProblemCode } from '../problem.ts';
import { nearest, oneOf, quote } from '../suggestion.ts';
import { fieldsIn } from '../types/fields.ts';

/** What can be wrong with an element by itself. */
export function elementProblems(document: AppDocument): Problem[] {
  return [
    ...Object.entries(document.models).flatMap(([name, { fields }]) =>
      fieldProblems(fields, ['models', name, 'fields'], `Model ${name}`),
    ),
    ...Object.entries(document.topics).flatMap(([id, topic]) => topicProblems(document, id, topic)),
    ...Object.entries(document.tables).flatMap(([id, { value }]): Problem[] =>
      Object.keys(value).length > 0 ? [] : [emptyTable(id)],
    ),
    ...kafkaNameProblems(document),
  ];
}

const error = (
  code: ProblemCode,
  path: DocumentPath,
  message: string,
  more: Pick<Problem, 'hint' | 'fix'> = {},
): Problem => ({
  code,
  severity: 'error',
  path,
  message,
  ...more,
});

const emptyTable = (id: string): Problem =>
  error('missing-field', ['tables', id, 'value'], `Table ${id} keeps no values`, {
    hint: 'Name at least one aggregate.',
    fix: { label: 'Count the events', edits: [{ path: ['tables', id, 'value'], value: { count: 'count()' } }] },
  });

function topicProblems(document: AppDocument, id: string, topic: Topic): Problem[] {
  const path = ['topics', id];
  const problems: Problem[] = [];
  for (const part of ['key', 'value'] as const) {
    const why = codecMisfit(topic.codec[part], topic[part]);
    if (why !== null)
      problems.push(
        error(
          'codec-mismatch',
          [...path, 'codec', part],
          `Topic ${id}: the codec ${topic.codec[part]} of the ${part} ${why}`,
          { hint: 'Use the codec json.' },
        ),
      );
  }
  if (topic.eventTime.from === 'field') problems.push(...eventTimeProblems(document, id, topic, topic.eventTime.path));
  if (topic.value.kind === 'record')
    problems.push(...fieldProblems(topic.value.fields, [...path, 'value'], `Topic ${id}`));
  return problems;
}

function codecMisfit(codec: Codec, type: Type): string | null {
  const structured = ['list', 'map', 'model', 'record', 'union'].includes(type.kind);
  if (codec === 'string' && structured) return `can't write ${formatType(type)}`;
  if (codec === 'raw' && type.kind !== 'bytes') return `takes bytes, not ${formatType(type)}`;
  if (!isBinaryCodec(codec) || isUnknown(type) || written[codec].includes(type.kind)) return null;
  return `takes ${oneOf(written[codec])}, not ${formatType(type)}`;
}

/** The types that a binary codec can hold. */
const written: Readonly<Record<BinaryCodec, readonly Type['kind'][]>> = {
  int32: ['int', 'long'],
  int64: ['long', 'int', 'timestamp'],
  double: ['double', 'float', 'decimal'],
  uuid: ['uuid', 'string'],
};

function eventTimeProblems(document: AppDocument, id: string, topic: Topic, way: readonly string[]): Problem[] {
  const path = ['topics', id, 'eventTime'];
  let type: Type = topic.value;
  let read = 'value';
  for (const name of way) {
    const fields: Readonly<Record<string, Field>> | null = fieldsIn(type, document.models);
    if (fields === null)
      return type.kind === 'model'
        ? []
        : [error('no-such-field', path, `Topic ${id}: ${read} is ${formatType(type)} and has no field ${name}`)];
    const field: Field | undefined = own(fields, name);
    if (field === undefined) {
      const times = Object.keys(fields).filter((key) => isTime(own(fields, key)?.type));
      const meant = nearest(name, Object.keys(fields)) ?? (times.length === 1 ? times[0] : undefined);
      const instead = `${read}.${meant}`;
      return [
        error('no-such-field', path, `Topic ${id}: ${read} has no field ${name} to take the event time from`, {
          hint: meant === undefined ? `Its fields are ${oneOf(Object.keys(fields), 12)}.` : `Did you mean ${instead}?`,
          ...(meant === undefined ? {} : { fix: { label: `Change to ${instead}`, edits: [{ path, value: instead }] } }),
        }),
      ];
    }
    type = field.type;
    read = `${read}.${name}`;
  }
  if (isTime(type) || (type.kind === 'model' && own(document.models, type.model) === undefined)) return [];
  return [
    error('type-mismatch', path, `Topic ${id}: event time needs a timestamp; ${read} is ${formatType(type)}`, {
      hint: 'Take a timestamp or long field, or record.',
    }),
  ];
}

const isTime = (type: Type | undefined): boolean => type?.kind === 'timestamp' || type?.kind === 'long';

function fieldProblems(fields: Readonly<Record<string, Field>>, path: DocumentPath, where: string): Problem[] {
  return Object.entries(fields).flatMap(([name, field]): Problem[] => {
    const at = [...path, name];
    const problems: Problem[] = [];
    const [min, max] = [boundOf(field.min), boundOf(field.max)];
    for (const bound of ['min', 'max'] as const) {
      if (field[bound] !== undefined && boundOf(field[bound]) === undefined)
        problems.push(
          error(
            'bad-value',
            [...at, bound],
            `${where}: the ${bound} of ${name} must be a number, not ${quote(field[bound])}`,
          ),
        );
    }
    if (min !== undefined && max !== undefined && compareNumbers(min, max) > 0) {
      problems.push(
        error(
          'bad-value',
          [...at, 'min'],
          `${where}: the min of ${name}, ${field.min}, is above its max, ${field.max}`,
        ),
      );
    }
    if (field.minLength !== undefined && field.maxLength !== undefined && field.minLength > field.maxLength) {
      problems.push(
        error('bad-value', [...at, 'minLength'], `${where}: the minLength of ${name} is above its maxLength`),
      );
    }
    if (field.default !== undefined && field.default !== null && !fits(field.default, field.type)) {
      const unquoted =
        texts.has(field.type.kind) && (typeof field.default === 'number' || typeof field.default === 'boolean');
      problems.push(
        error(
          'type-mismatch',
          [...at, 'default'],
          `${where}: the default of ${name} must be ${formatType(field.type)}, not ${quote(field.default)}`,
          unquoted ? { hint: inQuotes } : {},
        ),
      );
    }
    if (field.type.kind === 'record') problems.push(...fieldProblems(field.type.fields, at, where));
    return problems;
  });
}

/** Types whose plain data is text. */
const texts: ReadonlySet<Type['kind']> = new Set(['string', 'date', 'uuid', 'bytes', 'enum']);

const boundOf = (bound: number | string | undefined): Exact | undefined =>
  bound === undefined ? undefined : numberOf(String(bound));

/** Whether plain data has a type, as far as can be told without decoding it. Numbers may stand in quotes, which keep every digit. */
function fits(value: unknown, type: Type): boolean {
  switch (type.kind) {
    case 'int':
    case 'long':
      return isNumberText(value) && longIn(numberOf(String(value)) ?? Number.NaN) !== undefined;
    case 'float':
    case 'double':
      return typeof value === 'number';
    case 'decimal':
      return isNumberText(value) && Decimal.read(String(value)) !== undefined;
    case 'boolean':
      return typeof value === 'boolean';
    case 'string':
    case 'date':
    case 'uuid':
    case 'bytes':
      return typeof value === 'string';
    case 'timestamp':
      return typeof value === 'number' || typeof value === 'string';
    case 'enum':
      return typeof value === 'string' && type.values.includes(value);
    case 'list':
      return Array.isArray(value) && value.every((item) => fits(item, type.items));
    case 'union':
      return type.of.some((member) => fits(value, member));
    default:
      return typeof value === 'object' && value !== null && !Array.isArray(value);
  }
}

const isNumberText = (value: unknown): boolean => typeof value === 'number' || typeof value === 'string';

/** Kafka's limits, and two elements that would share one topic. */
function kafkaNameProblems(document: AppDocument): Problem[] {
  const problems: Problem[] = [];
  const taken = new Map<string, string>();
  for (const [id, { name }] of Object.entries(document.topics)) {
    const other = taken.get(name);
    if (other !== undefined) {
      problems.push(
        error('duplicate-id', ['topics', id, 'name'], `Topics ${other} and ${id} are both Kafka's topic ${name}`, {
          hint: 'Read it under one name.',
        }),
      );
    }
    taken.set(name, id);
  }
  for (const { name, role } of kafkaNames(document)) {
    if (name.length > 249) {
      problems.push(
        error(
          'bad-name',
          ['app'],
          `The name of the ${role} topic ${name} has ${name.length} characters; Kafka takes 249`,
          { hint: 'Shorten the names of the app and its elements.' },
        ),
      );
    }
  }
  return problems;
}

/** The names of the topics that an app can have in Kafka: its own, and those that the engine keeps for it. */
function* kafkaNames({
  app,
  topics,
  tables,
  agents,
  settings,
}: AppDocument): Generator<{ name: string; role: string }> {
  for (const { name } of Object.values(topics)) yield { name, role: 'topic' };
  for (const [agent, { steps }] of Object.entries(agents)) {
    for (const step of steps)
      if (repartitions(step)) yield { name: repartitionTopic(app, agent, step.id), role: 'repartition' };
  }
  for (const [table, { window }] of Object.entries(tables)) {
    yield { name: changelogTopic(app, table), role: 'changelog' };
    if (window !== undefined) yield { name: lateTopic(app, table), role: 'late' };
  }
  yield { name: settings.deadLetterTopic, role: 'dead-letters' };
}
