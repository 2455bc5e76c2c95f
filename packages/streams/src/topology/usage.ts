import { type AppDocument, fieldsUsed, type Step } from '@millrace/spec';
import type { Stage } from './stage.ts';

export type FieldSet = ReadonlySet<string> | 'all';

/** The top-level fields of its input's values that a stage reads; a decoder may leave the others as they come. */
export const usageOf = (document: AppDocument, stage: Stage): FieldSet => {
  const used = new Set<string>();
  for (const step of stage.steps) {
    if (!collect(document, stage, step, used)) return 'all';
    // From here on the steps see a value of the app's own making.
    if (step.op === 'map' && (step.mode === 'replace' || step.mode === 'keep')) break;
  }
  return used;
};

/** Of several stages that read the same topic. */
export const unite = (a: FieldSet, b: FieldSet): FieldSet => (a === 'all' || b === 'all' ? 'all' : new Set([...a, ...b]));

/** False: the value is taken as a whole. */
const collect = (document: AppDocument, stage: Stage, step: Step, used: Set<string>): boolean => {
  const add = (sources: readonly string[]): boolean =>
    sources.every((source) => {
      const fields = fieldsUsed(source);
      if (fields === 'all') return false;
      for (const field of fields) used.add(field);
      return true;
    });
  switch (step.op) {
    case 'filter':
      return add([step.where]);
    case 'map':
      switch (step.mode) {
        case 'replace':
          return add(Object.values(step.fields));
        case 'keep':
          for (const name of step.names) used.add(name);
          return true;
        case 'set':
        case 'drop':
        case 'rename':
          return false;
      }
      break;
    case 'group_by': {
      const sendsValue = stage.repartition?.step === step.id && !stage.repartition.forward;
      return !sendsValue && add([step.key]);
    }
    case 'aggregate':
      return add(Object.values(document.tables[step.table]?.value ?? {}).flatMap(({ arg }) => (arg === undefined ? [] : [arg])));
    case 'send':
      return false;
  }
};
