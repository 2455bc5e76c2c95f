import type { AppDocument, Step } from '../document/document.ts';
import { own } from '../document/element.ts';
import { elementWords } from '../document/path-words.ts';
import type { Field } from '../document/type.ts';
import { formatType, isUnknown, unknownType } from '../document/type-text.ts';
import type { Scope } from '../expressions/scope.ts';
import type { DocumentPath } from '../problem.ts';
import { nearest, oneOf } from '../suggestion.ts';
import { misfits } from './assignable.ts';
import { fieldsIn } from './fields.ts';
import { capital, type TypeReport } from './type-report.ts';

type Fields = Readonly<Record<string, Field>>;

/** Fields that steps may copy in one document, some 0.2 s of work: 2 000 fields through 15 000 steps took half a minute. */
const maxCopiedFields = 100_000;
type Feed = (table: string, from: Scope, path: DocumentPath) => Scope;

/** What each operator makes of the type that comes to it. `path` is the step's; the operator's own is below it. */
export class StepTypes {
  private readonly document: AppDocument;
  private readonly report: TypeReport;
  private readonly feed: Feed;
  private readonly copied: { fields: number };

  constructor(document: AppDocument, report: TypeReport, feed: Feed, copied: { fields: number }) {
    this.document = document;
    this.report = report;
    this.feed = feed;
    this.copied = copied;
  }

  after(step: Step, scope: Scope, path: DocumentPath): Scope {
    switch (step.op) {
      case 'filter':
        return this.filter(step.where, scope, [...path, 'filter']);
      case 'map':
        switch (step.mode) {
          case 'replace':
            return { ...scope, value: { kind: 'record', fields: this.made(step.fields, scope, [...path, 'map']) } };
          case 'set':
            return this.changed(scope, [...path, 'set'], (fields) => ({
              ...fields,
              ...this.made(step.fields, scope, [...path, 'set']),
            }));
          case 'keep':
            return this.kept(step.names, scope, [...path, 'keep']);
          case 'drop':
            return this.dropped(step.names, scope, [...path, 'drop']);
          case 'rename':
            return this.renamed(step.names, scope, [...path, 'rename']);
        }
        break;
      case 'group_by':
        return this.groupBy(step.key, scope, [...path, 'group_by', ...(step.partitions === undefined ? [] : ['key'])]);
      case 'aggregate':
        return this.feed(step.table, scope, path);
      case 'send':
        this.send(step.to, step.key, scope, [...path, 'send']);
        return scope;
    }
  }

  private filter(where: string, scope: Scope, path: DocumentPath): Scope {
    const { type } = this.report.expression(where, scope, path);
    if (type !== null && type.kind !== 'boolean' && !isUnknown(type)) {
      const message = `${capital(elementWords(path))} takes true or false; ${where} is ${formatType(type)}`;
      this.report.error('bad-expression', path, message, { hint: 'Compare it with something.' });
    }
    return scope;
  }

  private made(expressions: Readonly<Record<string, string>>, scope: Scope, path: DocumentPath): Fields {
    const made: Record<string, Field> = {};
    for (const [name, source] of Object.entries(expressions)) {
      const { type, nullable } = this.report.expression(source, scope, [...path, name]);
      made[name] = { type: type ?? unknownType, optional: nullable, sensitive: false };
    }
    return made;
  }

  /** Changes the fields of the value; a value without fields is reported, and handed on. */
  private changed(scope: Scope, path: DocumentPath, change: (fields: Fields) => Fields): Scope {
    const fields = fieldsIn(scope.value, this.document.models);
    if (fields !== null) {
      if (this.copied.fields > maxCopiedFields) return { ...scope, value: unknownType };
      this.copied.fields += Object.keys(fields).length;
      if (this.copied.fields > maxCopiedFields)
        this.report.error('too-large', path, `${capital(elementWords(path))}: too many steps change too many fields`, {
          hint: 'Name the fields that are needed with keep, or with map, before this step.',
        });
      return { ...scope, value: { kind: 'record', fields: change(fields) } };
    }
    if (!isUnknown(scope.value) && scope.value.kind !== 'model') {
      const message = `${capital(elementWords(path))} needs a value with fields; here it is ${formatType(scope.value)}`;
      this.report.error('type-mismatch', path, message, { hint: 'Make a record of it with map: { name: value }.' });
    }
    return scope;
  }

  private known(name: string, fields: Fields, path: DocumentPath, edit: 'value' | 'rename'): boolean {
    if (Object.hasOwn(fields, name)) return true;
    if (this.report.full) return false;
    const names = Object.keys(fields);
    const meant = nearest(name, names);
    const fix =
      meant === undefined
        ? {}
        : {
            fix: {
              label: `Change to ${meant}`,
              edits: [edit === 'rename' ? { path, rename: meant } : { path, value: meant }],
            },
          };
    const hint = meant === undefined ? `Its fields are ${oneOf(names, 12)}.` : `Did you mean ${meant}?`;
    this.report.error('no-such-field', path, `${capital(elementWords(path))}: the value has no field ${name}`, {
      hint,
      ...fix,
    });
    return false;
  }

  private kept(names: readonly string[], scope: Scope, path: DocumentPath): Scope {
    return this.changed(scope, path, (fields) => {
      const known = names.filter((name, index) => this.known(name, fields, [...path, index], 'value'));
      return Object.fromEntries(known.flatMap((name) => entry(fields, name)));
    });
  }

  private dropped(names: readonly string[], scope: Scope, path: DocumentPath): Scope {
    return this.changed(scope, path, (fields) => {
      for (const [index, name] of names.entries()) this.known(name, fields, [...path, index], 'value');
      const gone = new Set(names);
      return Object.fromEntries(Object.entries(fields).filter(([name]) => !gone.has(name)));
    });
  }

  private renamed(names: Readonly<Record<string, string>>, scope: Scope, path: DocumentPath): Scope {
    return this.changed(scope, path, (fields) => {
      for (const [name, to] of Object.entries(names)) {
        this.known(name, fields, [...path, name], 'rename');
        if (Object.hasOwn(fields, to) && !Object.hasOwn(names, to)) {
          const message = `${capital(elementWords(path))}: the value has a field ${to} already`;
          this.report.error('duplicate-id', [...path, name], message, {
            hint: 'Drop it first, or choose another name.',
          });
        }
      }
      return Object.fromEntries(Object.entries(fields).map(([name, field]) => [own(names, name) ?? name, field]));
    });
  }

  private groupBy(key: string, scope: Scope, path: DocumentPath): Scope {
    const { type, nullable } = this.report.expression(key, scope, path);
    if (type === null) return scope;
    if (nullable) {
      const message = `${capital(elementWords(path))}: ${key} may be null; such events go to the dead letters`;
      this.report.add({
        code: 'null-key',
        severity: 'warning',
        path,
        message,
        hint: `Filter them out first, or write ${key} ?? '…'.`,
      });
    }
    return { ...scope, key: type };
  }

  private send(to: string, key: string | undefined, scope: Scope, path: DocumentPath): void {
    const keyed = key === undefined ? { type: scope.key } : this.report.expression(key, scope, [...path, 'key']);
    const topic = own(this.document.topics, to);
    if (topic === undefined || this.report.full) return;
    const where = capital(elementWords(path));
    const [keyMisfit] = keyed.type === null ? [] : misfits(keyed.type, topic.key, this.document.models);
    if (keyMisfit !== undefined) {
      const at = key === undefined ? [...path, 'to'] : [...path, 'key'];
      const hint = key === undefined ? 'Give the key with send: { to, key }.' : `Make it a ${formatType(topic.key)}.`;
      this.report.error(
        'type-mismatch',
        at,
        `${where}: the key of ${to} ${keyMisfit.message.replace(/^is /, 'would be ')}`,
        { hint },
      );
    }
    const reasons = misfits(scope.value, topic.value, this.document.models);
    if (reasons.length === 0) return;
    const said = reasons
      .slice(0, 4)
      .map((reason) => (reason.path.length === 0 ? `the value ${reason.message}` : reason.message));
    const hint = `What comes here is ${formatType(scope.value)}. Put a map or set before this step.`;
    this.report.error(
      'type-mismatch',
      [...path, 'to'],
      `${where}: ${to} does not take this value: ${said.join('; ')}`,
      { hint },
    );
  }
}

const entry = (fields: Fields, name: string): [string, Field][] => {
  const field = own(fields, name);
  return field === undefined ? [] : [[name, field]];
};
