import { expect, test } from 'vitest';
import { applyEdits } from '../text/edits.ts';
import { loginWatch } from '../text/login-watch.ts';
import { parseDocument } from '../text/parse.ts';
import { checkConnection, disconnect } from './connection.ts';
import { graphOf } from './graph.ts';

const agents = `agents:
  new: { from: [], steps: [] }
  count: { from: logins, steps: [] }
  tell: { from: { changes: failures-by-ip }, steps: [ { filter: value.attempts > 1 } ] }
  echo: { from: alerts, steps: [] }
`;
const text = loginWatch.slice(0, loginWatch.indexOf('agents:')) + agents;

function drag(from: string, to: string): string {
  const { document } = parseDocument(text);
  if (document === null) throw new Error('the document of this test does not fit the schema');
  const connection = checkConnection(document, from, to);
  if (!connection.ok) return `refused: ${connection.reason}`;
  const after = parseDocument(applyEdits(text, connection.edits)).document;
  const made = after === null ? [] : graphOf(after).edges.filter((edge) => edge.from === from && edge.to === to);
  return `${connection.label} (${made.map(({ kind }) => kind).join()})`;
}

test.each([
  ['topic:logins', 'agent:new', 'new reads logins (records)'],
  ['table:failures-by-ip', 'agent:new', 'new reads the changes of failures-by-ip (changes)'],
  ['agent:count', 'table:failures-by-ip', 'count groups by value.ip and aggregates into failures-by-ip (state)'],
  ['agent:tell', 'topic:alerts', 'tell makes the fields of alerts and sends them (records)'],
  [
    'agent:count',
    'topic:alerts',
    'refused: Agent count, step 1 (send): alerts does not take this value: needs attempts: long. What comes here is LoginAttempt. Put a map or set before this step.',
  ],
  [
    'agent:count',
    'topic:logins',
    'refused: Events would go round for ever: topic logins → agent count → topic logins. Take out one of these connections.',
  ],
  [
    'agent:echo',
    'table:failures-by-ip',
    'refused: Table failures-by-ip, value.users: value has no field user. Its fields are ip or attempts.',
  ],
  [
    'topic:logins',
    'agent:tell',
    'refused: tell reads the changes of failures-by-ip; an agent reads topics, or the changes of one table.',
  ],
  ['topic:logins', 'agent:count', 'refused: count reads logins already.'],
  [
    'topic:logins',
    'table:failures-by-ip',
    'refused: An agent between them says how the events go into the table: connect the topic to an agent, and the agent to the table.',
  ],
  [
    'agent:count',
    'agent:new',
    'refused: Agents are connected through a topic or a table: the one sends to it, the other reads it.',
  ],
])('%s to %s', (from, to, outcome) => {
  expect(drag(from, to)).toBe(outcome);
});

test('each edge of the graph can be taken away', () => {
  const { document } = parseDocument(loginWatch);
  if (document === null) throw new Error('the document of the design does not fit the schema');
  const { edges } = graphOf(document);
  expect(edges.map(({ id }) => id)).toEqual([
    'topic:logins>agent:count-failures',
    'agent:count-failures/aggregate>table:failures-by-ip',
    'table:failures-by-ip>agent:alert',
    'agent:alert/send>topic:alerts',
  ]);
  for (const edge of edges) {
    const after = parseDocument(applyEdits(loginWatch, disconnect(document, edge))).document;
    expect(after && graphOf(after).edges).toEqual(edges.filter(({ id }) => id !== edge.id));
  }
});
