import {
  type Aggregate,
  everyMs,
  formatAggregate,
  formatType,
  overlaps,
  type Step,
  type Topic,
  type Type,
  type Window,
} from '@millrace/spec';

/** `5 min`, `1 h 30 min`, `10 s`: durations as they are read, not as they are written. */
export function spokenDuration(ms: number): string {
  if (ms <= 0) return '0 s';
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
    ['ms', 1],
  ] as const;
  const parts: string[] = [];
  let rest = ms;
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(`${count} ${unit}`);
    rest -= count * size;
  }
  return parts.slice(0, 2).join(' ');
}

const longUnits: Readonly<Record<string, string>> = { d: 'day', h: 'hour', min: 'minute' };

/** `5 minutes`, `10 s`: in a sentence. */
export const longDuration = (ms: number): string =>
  spokenDuration(ms).replaceAll(
    /(\d+) (d|h|min)\b/g,
    (_, count: string, unit: string) => `${count} ${longUnits[unit]}${count === '1' ? '' : 's'}`,
  );

export const windowWords = (window: Window): string =>
  overlaps(window)
    ? `${spokenDuration(window.sizeMs)}, every ${spokenDuration(everyMs(window))}`
    : `each ${spokenDuration(window.sizeMs)}`;

/** A type as the node shows it: inline records by their fields. */
export function shortType(type: Type): string {
  if (type.kind !== 'record') return formatType(type);
  const names = Object.keys(type.fields);
  return names.length <= 3 ? `{ ${names.join(', ')} }` : `{ ${names.slice(0, 2).join(', ')}, … }`;
}

export function eventTimeWords(topic: Topic): string {
  switch (topic.eventTime.from) {
    case 'field':
      return `value.${topic.eventTime.path.join('.')}`;
    case 'record':
      return 'Kafka’s';
    case 'now':
      return 'now';
  }
}

/** The operator as it is written. */
export const operatorWord = (step: Step): string =>
  step.op === 'map' && step.mode !== 'replace' ? step.mode : step.op;

/** What a step takes, in one line. */
export function stepWords(step: Step): string {
  switch (step.op) {
    case 'filter':
      return step.where;
    case 'group_by':
      return step.key;
    case 'aggregate':
      return step.table;
    case 'send':
      return step.to;
    case 'map':
      if (step.mode === 'keep' || step.mode === 'drop') return step.names.join(', ');
      if (step.mode === 'rename')
        return Object.entries(step.names)
          .map(([from, to]) => `${from} → ${to}`)
          .join(', ');
      return Object.entries(step.fields)
        .map(([name, source]) => (source === name || source === `value.${name}` ? name : `${name}: ${source}`))
        .join(', ');
  }
}

export const aggregateWords = (aggregate: Aggregate): string => formatAggregate(aggregate);
