import { type Evaluate, hasFields, type StepBody, setField, writeJson } from '@millrace/spec';
import { unreachable } from '../assert.ts';
import { carry } from '../codecs/as-it-came.ts';
import { evaluate, type Operator, type StepScope } from './operator.ts';
import type { Rows } from './rows.ts';

export type MapStep = Extract<StepBody, { op: 'map' }>;

/** Makes a new value of each row; the old one, which other chains may share, is left as it is. */
export class MapFields implements Operator {
  readonly scope: StepScope;
  readonly #make: (rows: Rows, row: number) => unknown;

  constructor(scope: StepScope, step: MapStep, compile: (source: string) => Evaluate) {
    this.scope = scope;
    this.#make = makerOf(step, compile);
  }

  run(rows: Rows): void {
    let kept = 0;
    for (let row = 0; row < rows.length; row++) {
      let value: unknown;
      try {
        value = this.#make(rows, row);
      } catch (error) {
        this.scope.fail(rows, row, error);
        continue;
      }
      if (kept !== row) rows.move(row, kept);
      rows.values[kept++] = value;
    }
    rows.length = kept;
  }
}

const makerOf = (step: MapStep, compile: (source: string) => Evaluate): ((rows: Rows, row: number) => unknown) => {
  switch (step.mode) {
    case 'replace':
    case 'set': {
      const fields = Object.entries(step.fields).map(([name, source]) => ({
        name,
        expression: compile(source),
        copied: fieldNamed(source),
      }));
      const keepsOthers = step.mode === 'set';
      return (rows, row) => {
        // Every expression sees the value as it was before the step.
        const made: Record<string, unknown> = keepsOthers ? { ...asRecord(rows.values[row]) } : {};
        const value = rows.values[row];
        for (const { name, expression, copied } of fields) {
          setField(made, name, evaluate(expression, rows, row));
          if (copied !== null && hasFields(value)) carry(value, copied, made, name);
        }
        return made;
      };
    }
    case 'keep': {
      const { names } = step;
      return (rows, row) => {
        const value = asRecord(rows.values[row]);
        const made: Record<string, unknown> = {};
        for (const name of names) {
          setField(made, name, Object.hasOwn(value, name) ? value[name] : null);
          carry(value, name, made, name);
        }
        return made;
      };
    }
    case 'drop': {
      const { names } = step;
      return (rows, row) => {
        const made = { ...asRecord(rows.values[row]) };
        for (const name of names) delete made[name];
        return made;
      };
    }
    case 'rename': {
      const names = new Map(Object.entries(step.names));
      return (rows, row) => {
        const made: Record<string, unknown> = {};
        const value = asRecord(rows.values[row]);
        for (const [name, field] of Object.entries(value)) {
          const as = names.get(name) ?? name;
          setField(made, as, field);
          carry(value, name, made, as);
        }
        return made;
      };
    }
    default:
      return unreachable(step);
  }
};

/** The field that an expression is nothing but a copy of; null: it is more than that. */
const fieldNamed = (source: string): string | null => /^\s*value\.([A-Za-z_]\w*)\s*$/.exec(source)?.[1] ?? null;

const asRecord = (value: unknown): Readonly<Record<string, unknown>> => {
  if (!hasFields(value)) throw new Error(`the value has no fields: ${writeJson(value)}`);
  return value;
};
