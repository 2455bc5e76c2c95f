import type { Store } from '@millrace/dataflow';
import { fieldsUsed, type Step } from '@millrace/spec';
import type { FieldSet, Usage } from '../codecs/event-decoder.ts';
import type { Stage } from './stages.ts';

/** What a stage reads of its input's records; a decoder may leave the rest as it comes. */
export const usageOf = (stage: Stage, stores: ReadonlyMap<string, Store>): Usage => ({
  key: stage.operators.some(({ step }) => readsKey(step)),
  value: fieldsOf(stage, stores),
  written: stage.operators.some(({ step }) => step.op === 'send') || stage.repartition?.verbatim === false,
});

/** Of several stages that read the same topic. */
export const unite = (a: Usage, b: Usage): Usage => ({
  key: a.key || b.key,
  value: a.value === 'all' || b.value === 'all' ? 'all' : new Set([...a.value, ...b.value]),
  written: a.written || b.written,
});

const fieldsOf = (stage: Stage, stores: ReadonlyMap<string, Store>): FieldSet => {
  const used = new Set<string>();
  for (const { step } of stage.operators) {
    if (!collect(stage, stores, step, used)) return 'all';
    // From here on the steps see a value of the app's own making.
    if (step.op === 'map' && (step.mode === 'replace' || step.mode === 'keep')) break;
  }
  return used;
};

/** May say yes where the word stands in a text. */
const mentionsKey = (source: string): boolean => /\bkey\b/.test(source);

const readsKey = (step: Step): boolean => {
  switch (step.op) {
    case 'filter':
      return mentionsKey(step.where);
    case 'map':
      return 'fields' in step && Object.values(step.fields).some(mentionsKey);
    case 'group_by':
      return mentionsKey(step.key);
    case 'aggregate':
      return true;
    case 'send':
      return step.key === undefined || mentionsKey(step.key);
  }
};

/** False: the value is taken as a whole. */
const collect = (stage: Stage, stores: ReadonlyMap<string, Store>, step: Step, used: Set<string>): boolean => {
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
      const isLast = stage.operators.at(-1)?.step === step;
      const sendsValue = isLast && stage.repartition?.verbatim === false;
      return !sendsValue && add([step.key]);
    }
    case 'aggregate':
      return add(
        Object.values(stores.get(step.table)?.table.value ?? {}).flatMap(({ arg }) => (arg === undefined ? [] : [arg])),
      );
    case 'send':
      return false;
  }
};
