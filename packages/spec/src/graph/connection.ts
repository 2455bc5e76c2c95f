import type { Agent, AppDocument, Step, StepBody } from '../document/document.ts';
import { own } from '../document/element.ts';
import type { Type } from '../document/type.ts';
import type { Scope } from '../expressions/scope.ts';
import type { Edit, Problem } from '../problem.ts';
import { isAssignable, misfits } from '../types/assignable.ts';
import { fieldsIn } from '../types/fields.ts';
import { inferTypes } from '../types/infer.ts';
import { validateDocument } from '../validate/validate.ts';

/** What a drag from one node to another would do, or why it can't be done, in words. */
export type Connection =
  | { readonly ok: true; readonly edits: readonly Edit[]; readonly label: string }
  | { readonly ok: false; readonly reason: string };

const refused = (reason: string): Connection => ({ ok: false, reason });

/**
 * Judges a connection by what it would make of the document: it is refused when the document would have an error that it does not have now.
 * `from` and `to` are node ids, `topic:logins`.
 */
export function checkConnection(document: AppDocument, from: string, to: string): Connection {
  const [fromKind, fromName] = parts(from);
  const [toKind, toName] = parts(to);
  if (from === to) return refused('An element is not connected with itself.');
  switch (`${fromKind}>${toKind}`) {
    case 'topic>agent':
      return readTopic(document, fromName, toName);
    case 'table>agent':
      return readChanges(document, fromName, toName);
    case 'agent>table':
      return aggregate(document, fromName, toName);
    case 'agent>topic':
      return send(document, fromName, toName);
    case 'agent>agent':
      return refused('Agents are connected through a topic or a table: the one sends to it, the other reads it.');
    case 'topic>table':
      return refused(
        'An agent between them says how the events go into the table: connect the topic to an agent, and the agent to the table.',
      );
    case 'table>topic':
      return refused(
        "An agent between them sends the table's changes: connect the table to an agent, and the agent to the topic.",
      );
    default:
      return refused(`A ${fromKind} is not connected with a ${toKind}.`);
  }
}

function parts(id: string): [kind: string, name: string] {
  const colon = id.indexOf(':');
  return [id.slice(0, colon), id.slice(colon + 1)];
}

function readTopic(document: AppDocument, topic: string, name: string): Connection {
  const agent = own(document.agents, name);
  if (agent === undefined || own(document.topics, topic) === undefined) return refused('It does not exist any more.');
  if (agent.from.kind === 'changes') {
    return refused(
      `${name} reads the changes of ${agent.from.table}; an agent reads topics, or the changes of one table.`,
    );
  }
  if (agent.from.topics.includes(topic)) return refused(`${name} reads ${topic} already.`);
  const topics = [...agent.from.topics, topic];
  const edits: Edit[] = [{ path: ['agents', name, 'from'], value: topics.length === 1 ? topic : topics }];
  return judged(document, name, { ...agent, from: { kind: 'topics', topics } }, edits, `${name} reads ${topic}`);
}

function readChanges(document: AppDocument, table: string, name: string): Connection {
  const agent = own(document.agents, name);
  if (agent === undefined || own(document.tables, table) === undefined) return refused('It does not exist any more.');
  if (agent.from.kind === 'changes') {
    if (agent.from.table === table) return refused(`${name} reads the changes of ${table} already.`);
    return refused(`${name} reads the changes of ${agent.from.table}; an agent reads those of one table.`);
  }
  if (agent.from.topics.length > 0)
    return refused(
      `${name} reads ${agent.from.topics.join(', ')}; an agent reads topics, or the changes of one table.`,
    );
  const edits: Edit[] = [{ path: ['agents', name, 'from'], value: { changes: table } }];
  return judged(
    document,
    name,
    { ...agent, from: { kind: 'changes', table } },
    edits,
    `${name} reads the changes of ${table}`,
  );
}

function aggregate(document: AppDocument, name: string, table: string): Connection {
  const agent = own(document.agents, name);
  const element = own(document.tables, table);
  if (agent === undefined || element === undefined) return refused('It does not exist any more.');
  if (agent.steps.some((step) => step.op === 'aggregate' && step.table === table))
    return refused(`${name} aggregates into ${table} already.`);
  const scope = inferTypes(document).get(`agent:${name}`)?.out;
  const steps: StepBody[] = [{ op: 'aggregate', table }];
  let label = `${name} aggregates into ${table}`;
  const grouped = agent.from.kind === 'changes' || agent.steps.some((step) => step.op === 'group_by');
  const key = scope === undefined || grouped ? undefined : obviousKey(scope, table, element.key);
  if (key !== undefined) {
    steps.unshift({ op: 'group_by', key });
    label = `${name} groups by ${key} and aggregates into ${table}`;
  }
  return appended(document, name, agent, steps, label);
}

/** The field that the table is named for, as `ip` of failures-by-ip; or, where the key as it is does not fit, the only one that does. */
function obviousKey(scope: Scope, table: string, wanted: Type): string | undefined {
  const fits = (type: Type): boolean => isAssignable(type, wanted, scope.models);
  const fields = Object.entries(fieldsIn(scope.value, scope.models) ?? {});
  const candidates = fields.filter(([, field]) => !field.optional && fits(field.type)).map(([field]) => field);
  const words = table.toLowerCase().split(/[-_.]/);
  const named = candidates.find((field) => words.includes(field.toLowerCase()));
  const only = candidates.length === 1 && !fits(scope.key) ? candidates[0] : undefined;
  const chosen = named ?? only;
  return chosen === undefined ? undefined : `value.${chosen}`;
}

function send(document: AppDocument, name: string, to: string): Connection {
  const agent = own(document.agents, name);
  const topic = own(document.topics, to);
  if (agent === undefined || topic === undefined) return refused('It does not exist any more.');
  if (agent.steps.some((step) => step.op === 'send' && step.to === to))
    return refused(`${name} sends to ${to} already.`);
  const scope = inferTypes(document).get(`agent:${name}`)?.out;
  const shaped = scope === undefined ? undefined : shapedFor(scope, topic.value, document);
  const step: StepBody = { op: 'send', to };
  if (shaped === undefined) return appended(document, name, agent, [step], `${name} sends to ${to}`);
  return appended(document, name, agent, [shaped, step], `${name} makes the fields of ${to} and sends them`);
}

/** Where one field is missing, and the key has its type: a map that takes it from there. */
function shapedFor(scope: Scope, wanted: Type, document: AppDocument): StepBody | undefined {
  const { models } = document;
  const missing = misfits(scope.value, wanted, models);
  const needed = fieldsIn(wanted, models);
  const given = fieldsIn(scope.value, models);
  const [field] = missing[0]?.path ?? [];
  if (missing.length !== 1 || field === undefined || missing[0]?.path.length !== 1 || needed === null || given === null)
    return undefined;
  const type = own(needed, field)?.type;
  if (type === undefined || Object.hasOwn(given, field) || !isAssignable(scope.key, type, models)) return undefined;
  const names = Object.keys(needed).filter((name) => name === field || Object.hasOwn(given, name));
  return {
    op: 'map',
    mode: 'replace',
    fields: Object.fromEntries(names.map((name) => [name, name === field ? 'key' : `value.${name}`])),
  };
}

function appended(
  document: AppDocument,
  name: string,
  agent: Agent,
  bodies: readonly StepBody[],
  label: string,
): Connection {
  const steps: Step[] = bodies.map((body, index) => ({ ...body, id: `new-${index}` }));
  const authored = bodies.map(authoredStep);
  const edits: Edit[] =
    agent.steps.length === 0
      ? [{ path: ['agents', name, 'steps'], value: authored }]
      : authored.map((value, index) => ({ path: ['agents', name, 'steps', agent.steps.length + index], value }));
  return judged(document, name, { ...agent, steps: [...agent.steps, ...steps] }, edits, label);
}

function authoredStep(step: StepBody): Readonly<Record<string, unknown>> {
  switch (step.op) {
    case 'filter':
      return { filter: step.where };
    case 'map':
      if ('names' in step) return { [step.mode]: step.names };
      return step.mode === 'set' ? { set: step.fields } : { map: step.fields };
    case 'group_by':
      return { group_by: step.partitions === undefined ? step.key : { key: step.key, partitions: step.partitions } };
    case 'aggregate':
      return { aggregate: step.table };
    case 'send':
      return { send: step.key === undefined ? step.to : { to: step.to, key: step.key } };
  }
}

function judged(document: AppDocument, name: string, agent: Agent, edits: readonly Edit[], label: string): Connection {
  const before = new Set(errors(document).map(({ message }) => message));
  const fresh = errors({ ...document, agents: { ...document.agents, [name]: agent } }).filter(
    ({ message }) => !before.has(message),
  );
  const [worst] = fresh;
  if (worst === undefined) return { ok: true, edits, label };
  return refused([worst.message, worst.hint].filter((text) => text !== undefined).join('. '));
}

const errors = (document: AppDocument): Problem[] =>
  validateDocument(document).filter(({ severity }) => severity === 'error');

/** The edits that take an edge of the graph away: the source, or the step that makes it. */
export function disconnect(
  document: AppDocument,
  edge: { readonly from: string; readonly to: string; readonly step?: string },
): Edit[] {
  const [kind, source] = parts(edge.from);
  const name = kind === 'agent' ? source : parts(edge.to)[1];
  const agent = own(document.agents, name);
  if (agent === undefined) return [];
  if (kind === 'agent') {
    const index = agent.steps.findIndex(({ id }) => id === edge.step);
    return index < 0 ? [] : [{ path: ['agents', name, 'steps', index] }];
  }
  const rest = agent.from.kind === 'topics' ? agent.from.topics.filter((topic) => topic !== source) : [];
  return [{ path: ['agents', name, 'from'], value: rest.length === 1 ? rest[0] : rest }];
}
