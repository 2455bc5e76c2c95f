import type { AppDocument } from '../document/document.ts';
import { own } from '../document/element.ts';
import { elementWords } from '../document/path-words.ts';
import { primitives, type Type } from '../document/type.ts';
import { formatType } from '../document/type-text.ts';
import { type DocumentPath, enoughProblems, type Problem } from '../problem.ts';
import { nearest, oneOf } from '../suggestion.ts';
import { capital } from '../types/type-report.ts';

/** Every mention of a topic, a table or a model that is not there. */
export function danglingReferences(document: AppDocument): Problem[] {
  const { topics, tables, models } = document;
  const problems: Problem[] = [];
  const check = (
    kind: string,
    id: string,
    elements: Readonly<Record<string, unknown>>,
    path: DocumentPath,
    said: string,
  ): void => {
    if (problems.length < enoughProblems && own(elements, id) === undefined)
      problems.push(dangling(kind, id, Object.keys(elements), path, said));
  };
  for (const [name, agent] of Object.entries(document.agents)) {
    const path = ['agents', name];
    const { from } = agent;
    if (from.kind === 'changes') {
      check('table', from.table, tables, [...path, 'from', 'changes'], `Agent ${name} reads the changes of`);
    } else {
      if (from.topics.length === 0) problems.push(withoutSource(name, Object.keys(topics)));
      for (const [index, topic] of from.topics.entries()) {
        check('topic', topic, topics, [...path, 'from', 'topics', index], `Agent ${name} reads`);
      }
    }
    for (const [index, step] of agent.steps.entries()) {
      const at = [...path, 'steps', index];
      if (step.op === 'aggregate')
        check('table', step.table, tables, [...at, 'aggregate'], `Agent ${name}, step ${index + 1}, aggregates into`);
      if (step.op === 'send')
        check('topic', step.to, topics, [...at, 'send', 'to'], `Agent ${name}, step ${index + 1}, sends to`);
    }
  }
  const types = (type: Type, path: DocumentPath, optional = false): void => {
    if (problems.length >= enoughProblems) return;
    for (const written of writtenTypes(type, path, optional)) problems.push(...unknownModels(document, written));
  };
  for (const [name, model] of Object.entries(models)) {
    for (const [field, { type, optional }] of Object.entries(model.fields)) {
      types(type, ['models', name, 'fields', field, 'type'], optional);
    }
  }
  for (const [name, { key, value }] of Object.entries(topics)) {
    types(key, ['topics', name, 'key']);
    types(value, ['topics', name, 'value']);
  }
  for (const [name, { key }] of Object.entries(tables)) types(key, ['tables', name, 'key']);
  return problems;
}

function withoutSource(agent: string, topics: readonly string[]): Problem {
  const [only, ...others] = topics;
  const fix =
    only === undefined || others.length > 0
      ? {}
      : { fix: { label: `Read ${only}`, edits: [{ path: ['agents', agent, 'from'], value: only }] } };
  return {
    code: 'missing-field',
    severity: 'error',
    path: ['agents', agent, 'from'],
    message: `Agent ${agent} reads nothing`,
    hint: 'Connect a topic to it, or the changes of a table.',
    ...fix,
  };
}

function dangling(kind: string, id: string, candidates: readonly string[], path: DocumentPath, said: string): Problem {
  const meant = nearest(id, candidates);
  const known =
    candidates.length === 0
      ? `Add a ${kind} named ${id}.`
      : `There are ${oneOf(candidates, 12).replace(' or ', ' and ')}.`;
  return {
    code: 'dangling-reference',
    severity: 'error',
    path,
    message: `${said} the ${kind} ${id}, which does not exist`,
    hint: meant === undefined ? known : `Did you mean ${meant}?`,
    ...(meant === undefined ? {} : { fix: { label: `Change to ${meant}`, edits: [{ path, value: meant }] } }),
  };
}

interface WrittenType {
  readonly type: Type;
  readonly path: DocumentPath;
  readonly optional: boolean;
}

/** The types that stand as texts of their own: the fields of an inline record each have one. */
function writtenTypes(type: Type, path: DocumentPath, optional: boolean): readonly WrittenType[] {
  if (type.kind !== 'record') return [{ type, path, optional }];
  return Object.entries(type.fields).flatMap(([name, field]) =>
    writtenTypes(field.type, [...path, name, 'type'], field.optional),
  );
}

function unknownModels({ models }: AppDocument, { type, path, optional }: WrittenType): readonly Problem[] {
  const missing = new Set(modelsIn(type).filter((model) => own(models, model) === undefined));
  return [...missing].slice(0, enoughProblems).map((model): Problem => {
    const meant = nearest(model, [...Object.keys(models), ...primitives]);
    const text =
      meant === undefined
        ? ''
        : formatType(type).replaceAll(
            new RegExp(`(?<![\\w$])${model.replaceAll('$', '\\$')}(?![\\w$])`, 'g'),
            () => meant,
          );
    return {
      code: 'dangling-reference',
      severity: 'error',
      path,
      message: `${capital(elementWords(path))} has the type ${model}, which is neither a model nor a built-in type`,
      hint:
        meant === undefined
          ? `Add a model named ${model}, or use one of ${oneOf(primitives, 12)}.`
          : `Did you mean ${meant}?`,
      ...(meant === undefined
        ? {}
        : { fix: { label: `Change to ${meant}`, edits: [{ path, value: optional ? `${text}?` : text }] } }),
    };
  });
}

/** The models that a type mentions. */
export function modelsIn(type: Type): readonly string[] {
  switch (type.kind) {
    case 'model':
      return [type.model];
    case 'list':
      return modelsIn(type.items);
    case 'map':
      return modelsIn(type.values);
    case 'union':
      return type.of.flatMap(modelsIn);
    case 'record':
      return Object.values(type.fields).flatMap((field) => modelsIn(field.type));
    default:
      return [];
  }
}
