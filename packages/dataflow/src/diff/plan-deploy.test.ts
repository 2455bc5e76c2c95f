import { type AppDocument, parseDocument } from '@millrace/spec';
import { loginWatch } from '@millrace/spec/testing';
import { expect, test } from 'vitest';
import type { Plan } from './plan.ts';
import { planDeploy } from './plan-deploy.ts';

function document(text: string): AppDocument {
  const { document, problems } = parseDocument(text);
  if (document === null) throw new Error(problems.map(({ message }) => message).join('\n'));
  return document;
}

const running = { version: 12, document: document(loginWatch) };
const planned = (part: string, by: string): Plan =>
  planDeploy({
    app: 'login-watch',
    from: running,
    to: { version: 13, document: document(loginWatch.replace(part, by)) },
  });
const changes = (plan: Plan): string[] =>
  plan.elements
    .filter(({ change }) => change !== 'kept')
    .map(({ kind, id, change, what, state }) => `${change} ${kind} ${id}: ${what.join('; ')} | ${state.words}`);

test('a first deploy creates everything, and every topic that is not there', () => {
  const there = new Map([['logins', { partitions: 4, apps: ['login-watch', 'fraud', 'audit'] }]]);
  const plan = planDeploy({ app: 'login-watch', from: null, to: running, existingTopics: there });
  expect(plan.how).toBe('start');
  expect(changes(plan).every((words) => words.startsWith('created'))).toBe(true);
  expect(plan.topicsToCreate.map(({ name, partitions, role }) => `${role} ${name} ${partitions}`)).toEqual([
    'topic alerts 4',
    'repartition login-watch-count-failures-group_by-repartition 4',
    'changelog login-watch-failures-by-ip-changelog 4',
    'late login-watch-failures-by-ip-late 4',
    'dead-letters login-watch-dead-letters 1',
  ]);
});

test('a topic that is in Kafka already is not called created: it is used as it is, with whoever else uses it', () => {
  const there = new Map([
    ['logins', { partitions: 4, apps: ['login-watch', 'fraud', 'audit'] }],
    ['alerts', { partitions: 8, apps: [] }],
  ]);
  const plan = planDeploy({ app: 'login-watch', from: null, to: running, existingTopics: there });
  expect(plan.elements.filter(({ kind }) => kind === 'topic')).toMatchObject([
    {
      change: 'kept',
      what: ['in Kafka already, used as it is', '4 partitions, LoginAttempt', 'also used by fraud and audit'],
    },
    {
      change: 'kept',
      what: ['in Kafka already, used as it is', 'it has 8 partitions, the document says 4'],
    },
  ]);
});

test('the same document changes nothing, and so does another layout', () => {
  expect(planned('', '').how).toBe('none');
  expect(planned('app: login-watch', 'app: login-watch\nlayout: { "topic:logins": { x: 1, y: 2 } }').how).toBe('none');
});

test.each([
  [
    'a filter',
    '"!value.ok"',
    '"!value.ok && value.user != null"',
    'swap',
    ['changed agent count-failures: filter is now !value.ok && value.user != null | —'],
  ],
  [
    'an aggregate more',
    'attempts: count()',
    'attempts: count(), first: first(value.user)',
    'swap',
    ['changed table failures-by-ip: first added | State kept; first from now on'],
  ],
  [
    'another argument',
    'last(value.user)',
    'last(value.ip)',
    'swap',
    ['changed table failures-by-ip: last is now last(value.ip) | State kept'],
  ],
  [
    'another grace',
    'grace: 30s',
    'grace: 1m',
    'swap',
    ['changed table failures-by-ip: grace 30 s → 1 min | State kept'],
  ],
  [
    'a field more',
    'user: string',
    'user: string\n    agent: string?',
    'swap',
    ['changed model LoginAttempt: Field agent added, optional; compatible | —'],
  ],
  [
    'another isolation of a topic that is read',
    'eventTime: value.ts',
    'isolation: read_uncommitted, eventTime: value.ts',
    'rejoin',
    ['changed topic logins: transactions once committed → at once | Offsets kept'],
  ],
  [
    'another window',
    'hopping: 5m',
    'hopping: 1m',
    'swap',
    ['changed table failures-by-ip: Window 5 min → 1 min | Starts empty: its keys or windows change'],
  ],
  [
    'another grouping step',
    '- group_by: value.ip',
    '- { id: by-ip, group_by: value.ip }',
    'rejoin',
    ['changed agent count-failures: by-ip added: value.ip; group_by removed | —'],
  ],
  [
    'settings',
    'app: login-watch',
    'app: login-watch\nsettings: { commit: 1s }',
    'rejoin',
    ['changed settings settings: commit every 500 ms → 1 s | —'],
  ],
  [
    'an agent more, on a topic that is read',
    'agents:',
    'agents:\n  copy: { from: logins, steps: [ { map: { ip: value.ip, attempts: 1 } }, { send: alerts } ] }',
    'swap',
    ['created agent copy: Reads logins | Starts from the first record of what the app did not read before'],
  ],
  [
    'an agent more, on a topic that is not',
    'agents:',
    'agents:\n  copy: { from: alerts, steps: [ { filter: value.attempts > 1 } ] }',
    'rejoin',
    ['created agent copy: Reads alerts | Starts from the first record of what the app did not read before'],
  ],
])('%s', (_name, part, by, how, expected) => {
  const plan = planned(part, by);
  expect(plan.how).toBe(how);
  expect(changes(plan)).toEqual(expected);
  expect(plan.expectedPause.kind).toBe(how === 'rejoin' ? 'rejoin' : 'none');
  expect(plan.elements.some(({ pause }) => pause === 'rejoin')).toBe(how === 'rejoin');
});

test('state that is lost must be confirmed: another window, another function, a table dropped', () => {
  expect(planned('hopping: 5m', 'hopping: 1m').confirmations).toEqual([
    {
      element: 'table:failures-by-ip',
      message: 'Start failures-by-ip empty: Window 5 min → 1 min. What it holds now is deleted.',
    },
  ]);
  expect(planned('last: last(', 'last: first(').confirmations[0]?.message).toBe(
    'Start last of failures-by-ip again: it was last, and becomes first.',
  );
  const bare = { version: 13, document: document(`${loginWatch.slice(0, loginWatch.indexOf('tables:'))}`) };
  const plan = planDeploy({ app: 'login-watch', from: running, to: bare });
  expect(plan.how).toBe('rejoin');
  expect(plan.confirmations[0]?.message).toMatch(/^Delete the state of failures-by-ip/);
});

test('an agent that sends what its topic will not keep says so', () => {
  const text = loginWatch.replace(/eventTime: value\.ts/, 'eventTime: value.ts, retention: forever');
  const to = { version: 1, document: document(`${text}\n`) };
  const copied = {
    ...to.document,
    topics: { ...to.document.topics, kept: { ...to.document.topics['alerts'], name: 'kept', retentionMs: 86_400_000 } },
    agents: {
      ...to.document.agents,
      copy: {
        from: { kind: 'topics', topics: ['logins'] },
        steps: [{ id: 'send', op: 'send', to: 'kept' }],
        onError: 'dead-letter',
      },
    },
  } as AppDocument; // as written by hand: the element it was made from is there
  const plan = planDeploy({ app: 'login-watch', from: null, to: { version: 1, document: copied } });
  expect(plan.elements.find(({ id }) => id === 'copy')?.what).toEqual([
    'Reads logins',
    'Agent copy sends to kept, which keeps 1 d, the events of logins, kept for ever: what is older as it is sent is not kept',
  ]);
});

test('a table that is added again under its name goes on with what its changelog holds, and the plan says so', () => {
  const without = loginWatch.replace(/failures-by-ip/g, 'others');
  const existingTopics = new Map([
    ['logins', { partitions: 4, apps: ['login-watch'] }],
    ['login-watch-failures-by-ip-changelog', { partitions: 4, apps: ['login-watch'] }],
  ]);
  const plan = planDeploy({
    app: 'login-watch',
    from: { version: 13, document: document(without) },
    to: running,
    existingTopics,
  });
  expect(plan.elements.find(({ kind, id }) => kind === 'table' && id === 'failures-by-ip')).toMatchObject({
    change: 'created',
    state: { fate: 'kept', words: 'Goes on with what its changelog holds from before, without what came meanwhile' },
  });
});
