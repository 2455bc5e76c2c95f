import {
  type Agent,
  durationWords,
  type EventTime,
  everyMs,
  type Field,
  formatAggregate,
  formatType,
  keptMs,
  type Model,
  oneOf,
  overlaps,
  own,
  type Settings,
  type Source,
  type Step,
  type Table,
  type Topic,
  type Window,
  windowsPerEvent,
  windowWords,
} from '@millrace/spec';

/** What an element is, or what changes about it: one fact a line. An empty list of changes: the element is kept. */

const list = (names: readonly string[]): string => oneOf(names).replace(' or ', ' and ');
const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
const typeWords = ({ type, optional }: Field): string => `${formatType(type)}${optional ? ', optional' : ''}`;

export const modelWords = ({ fields }: Model): string[] => [list(Object.keys(fields)) || 'no fields'];

export function modelChanges(from: Model, to: Model): string[] {
  const changes: string[] = [];
  for (const [name, field] of Object.entries(to.fields)) {
    const old = own(from.fields, name);
    if (old === undefined) {
      const lenient = field.optional || field.default !== undefined;
      changes.push(
        `Field ${name} added, ${field.optional ? 'optional' : formatType(field.type)}; ${lenient ? 'compatible' : 'records without it go to the dead letters'}`,
      );
    } else if (typeWords(old) !== typeWords(field)) {
      changes.push(`Field ${name}: ${typeWords(old)} → ${typeWords(field)}`);
    } else if (JSON.stringify({ ...old, label: '' }) !== JSON.stringify({ ...field, label: '' })) {
      changes.push(`Field ${name}: its rules changed`);
    }
  }
  for (const name of Object.keys(from.fields))
    if (!Object.hasOwn(to.fields, name)) changes.push(`Field ${name} removed`);
  return changes;
}

const eventTimeWords = (time: EventTime): string =>
  time.from === 'field' ? `value.${time.path.join('.')}` : time.from === 'record' ? "Kafka's timestamp" : 'now';
const retentionWords = (ms: number | undefined): string =>
  ms === undefined ? "the broker's default" : ms < 0 ? 'for ever' : durationWords(ms);

const isolationWords = { read_committed: 'once committed', read_uncommitted: 'at once' } as const;

export const topicWords = (topic: Topic): string[] => [
  [
    plural(topic.partitions, 'partition'),
    ...(topic.retentionMs === undefined ? [] : [`kept ${retentionWords(topic.retentionMs)}`]),
    ...(topic.replication > 1 ? [`replicated ${topic.replication} times`] : []),
    formatType(topic.value),
  ].join(', '),
];

export function topicChanges(from: Topic, to: Topic): string[] {
  return [
    ...difference('Kafka topic', from.name, to.name),
    ...difference('partitions', from.partitions, to.partitions),
    ...difference('replication', from.replication, to.replication),
    ...difference('kept', retentionWords(from.retentionMs), retentionWords(to.retentionMs)),
    ...difference('cleanup', from.cleanup, to.cleanup),
    ...difference('key', formatType(from.key), formatType(to.key)),
    ...difference('value', formatType(from.value), formatType(to.value)),
    ...difference('codec of the key', from.codec.key, to.codec.key),
    ...difference('codec of the value', from.codec.value, to.codec.value),
    ...difference('event time', eventTimeWords(from.eventTime), eventTimeWords(to.eventTime)),
    ...difference(
      'event times ahead of the clock, at most',
      durationWords(from.maxAheadMs),
      durationWords(to.maxAheadMs),
    ),
    ...difference('transactions', isolationWords[from.isolation], isolationWords[to.isolation]),
    ...difference('records that do not decode', from.onDecodeError, to.onDecodeError),
  ];
}

const difference = (what: string, from: string | number, to: string | number): string[] =>
  from === to ? [] : [`${what} ${from} → ${to}`];

const windowOrNone = (window: Window | undefined): string => (window === undefined ? 'none' : windowWords(window));

/** How many windows an event goes into, where it is more than one. */
const overlapWords = (window: Window | undefined): string =>
  window === undefined || windowsPerEvent(window) === 1 ? '' : ` (each event in ${windowsPerEvent(window)} windows)`;

export const tableWords = (table: Table): string[] => [
  `${list(Object.keys(table.value))} by ${formatType(table.key)}${table.window === undefined ? '' : `, ${windowWords(table.window)}${overlapWords(table.window)}`}`,
];

export function tableChanges(from: Table, to: Table): string[] {
  const [was, is] = [from.window, to.window];
  const onlySize =
    was !== undefined && is !== undefined && overlaps(was) && overlaps(is) && everyMs(was) === everyMs(is);
  const size = onlySize
    ? ([durationWords(was.sizeMs), durationWords(is.sizeMs)] as const)
    : ([windowOrNone(was), windowOrNone(is)] as const);
  const kind = was !== undefined && is !== undefined && was.kind !== is.kind ? [`Window ${was.kind} → ${is.kind}`] : [];
  const names = Object.keys(to.value);
  const added = names.filter((name) => !Object.hasOwn(from.value, name));
  const removed = Object.keys(from.value).filter((name) => !Object.hasOwn(to.value, name));
  const changed = names.flatMap((name) => {
    const [old, now] = [own(from.value, name), own(to.value, name)];
    return old !== undefined && now !== undefined && formatAggregate(old) !== formatAggregate(now)
      ? [`${name} is now ${formatAggregate(now)}`]
      : [];
  });
  return [
    ...difference('key', formatType(from.key), formatType(to.key)),
    ...kind,
    ...difference('Window', size[0], size[1]),
    ...difference('grace', durationWords(was?.graceMs ?? 0), durationWords(is?.graceMs ?? 0)),
    ...difference('closed windows kept', keptWords(was), keptWords(is)),
    ...(added.length > 0 ? [`${list(added)} added`] : []),
    ...(removed.length > 0 ? [`${list(removed)} removed`] : []),
    ...changed,
    ...(from.emit === to.emit ? [] : [to.emit === 'close' ? 'emits when a window closes' : 'emits each update']),
  ];
}

const keptWords = (window: Window | undefined): string => (window === undefined ? '—' : durationWords(keptMs(window)));

const sourceWords = (source: Source): string =>
  source.kind === 'changes' ? `the changes of ${source.table}` : list(source.topics) || 'nothing';

export const agentWords = (agent: Agent): string[] => [`Reads ${sourceWords(agent.from)}`];

const entryWords = (entries: Readonly<Record<string, string>>, between: string): string =>
  Object.entries(entries)
    .map(([name, text]) => `${name}${between}${text}`)
    .join(', ');

/** What a step does, without its id. */
function stepWords(step: Step): string {
  switch (step.op) {
    case 'filter':
      return step.where;
    case 'map':
      if ('fields' in step) return entryWords(step.fields, ': ');
      return step.mode === 'rename' ? entryWords(step.names, ' → ') : list(step.names);
    case 'group_by':
      return step.partitions === undefined ? step.key : `${step.key}, into ${plural(step.partitions, 'partition')}`;
    case 'aggregate':
      return step.table;
    case 'send':
      return step.key === undefined ? step.to : `${step.to}, keyed by ${step.key}`;
  }
}

export function agentChanges(from: Agent, to: Agent): string[] {
  const olds = new Map(from.steps.map((step) => [step.id, step]));
  const news = new Map(to.steps.map((step) => [step.id, step]));
  const shared = (steps: readonly Step[]): string =>
    steps
      .filter(({ id }) => olds.has(id) && news.has(id))
      .map(({ id }) => id)
      .join();
  return [
    ...(sourceWords(from.from) === sourceWords(to.from) ? [] : [`reads ${sourceWords(to.from)}`]),
    ...to.steps.flatMap((step) => {
      const old = olds.get(step.id);
      if (old === undefined) return [`${step.id} added: ${stepWords(step)}`];
      return stepIdentity(old) === stepIdentity(step) ? [] : [`${step.id} is now ${stepWords(step)}`];
    }),
    ...from.steps.flatMap(({ id }) => (news.has(id) ? [] : [`${id} removed`])),
    ...(shared(from.steps) === shared(to.steps) ? [] : ['steps in another order']),
    ...difference('on an error', from.onError, to.onError),
  ];
}

const stepIdentity = (step: Step): string => `${step.op}/${step.op === 'map' ? step.mode : ''}/${stepWords(step)}`;

export function settingsChanges(from: Settings, to: Settings): string[] {
  return [
    ...difference('commit every', durationWords(from.commitIntervalMs), durationWords(to.commitIntervalMs)),
    ...difference('buffer', from.bufferMaxRecords, to.bufferMaxRecords),
    ...difference('resumes at', from.bufferResumeRatio, to.bufferResumeRatio),
    ...difference('idle after', durationWords(from.idleTimeoutMs), durationWords(to.idleTimeoutMs)),
    ...difference('starts from', from.startFrom, to.startFrom),
    ...difference('dead letters', from.deadLetterTopic, to.deadLetterTopic),
  ];
}
