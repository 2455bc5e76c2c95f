import { type AppDocument, parseDocument } from '@millrace/spec';
import { expect, test } from 'vitest';
import { compileDataflow } from './compile.ts';

const documentOf = (text: string): AppDocument => {
  const { document, problems } = parseDocument(text);
  if (document === null || problems.some(({ severity }) => severity === 'error'))
    throw new Error(problems.map(({ message }) => message).join('; '));
  return document;
};

test('[O7] an agent is split where its key changes; stages that share a topic or a table share a task', () => {
  const { subtopologies, topics, stores } = compileDataflow(
    documentOf(`
app: shop
topics:
  orders: { name: shop.orders, partitions: 4, replication: 2, retention: 1d, key: string, value: { user: string, amount: long } }
  refunds: { partitions: 3, key: string, value: { user: string, amount: long } }
  visits: { partitions: 6, key: string, value: { page: string } }
  out: { partitions: 2, key: string, value: { total: long } }
tables:
  totals: { key: string, value: { total: sum(value.amount) } }
  pages: { key: string, window: { tumbling: 1m }, value: { n: count() } }
agents:
  by-user: { from: orders, steps: [ { group_by: value.user }, { aggregate: totals } ] }
  count-pages: { from: visits, steps: [ { aggregate: pages } ] }
  watch: { from: { changes: totals }, steps: [ { filter: value.total > 5 }, { send: out } ] }
  look: { from: refunds, steps: [ { filter: value.amount > 5 } ] }
`),
  );
  expect(
    subtopologies.map((part) => [
      part.id,
      part.partitions,
      part.stores.map((id) => stores.find((store) => store.id === id)?.changelog),
    ]),
  ).toEqual([
    ['refunds', 3, []],
    ['shop-by-user-group_by-repartition', 4, ['shop-totals-changelog']],
    ['shop.orders', 4, []],
    ['visits', 6, ['shop-pages-changelog']],
  ]);
  expect(
    topics.map(({ name, role, partitions, replication, configs }) => [
      name,
      role,
      partitions,
      replication,
      configs['cleanup.policy'],
      configs['retention.ms'],
    ]),
  ).toEqual([
    ['shop.orders', 'topic', 4, 2, 'delete', '86400000'],
    ['refunds', 'topic', 3, 1, 'delete', undefined],
    ['visits', 'topic', 6, 1, 'delete', undefined],
    ['out', 'topic', 2, 1, 'delete', undefined],
    ['shop-by-user-group_by-repartition', 'repartition', 4, 2, 'delete', '-1'],
    ['shop-totals-changelog', 'changelog', 4, 2, 'compact', undefined],
    ['shop-pages-changelog', 'changelog', 6, 2, 'compact', undefined],
    ['shop-pages-late', 'late', 6, 2, 'delete', '1209600000'],
    ['shop-dead-letters', 'dead-letters', 1, 2, 'delete', '1209600000'],
  ]);
});

const eventDated = {
  'message.timestamp.type': 'CreateTime',
  'message.timestamp.before.max.ms': '9223372036854775807',
  'message.timestamp.after.max.ms': '9223372036854775807',
};

test('[C5] changelogs keep for an hour what a later value replaces, and are compacted not much later', () => {
  const { topics } = compileDataflow(
    documentOf(`
app: shop
topics: { in: { key: string, value: { user: string } } }
tables: { t: { key: string, value: { n: count() } } }
agents: { a: { from: in, steps: [ { aggregate: t } ] } }
`),
  );
  expect(topics.filter(({ role }) => role === 'changelog').map(({ configs }) => configs)).toEqual([
    {
      'cleanup.policy': 'compact',
      'min.compaction.lag.ms': '3600000',
      'segment.bytes': '67108864',
      'segment.ms': '3600000',
      ...eventDated,
    },
  ]);
});

test('[O9] what is dated to its event is refused by no broker, and let go by none, for being old or ahead', () => {
  const { topics } = compileDataflow(
    documentOf(`
app: shop
topics: { in: { key: string, value: { user: string } } }
tables: { t: { key: string, value: { n: count() } } }
agents: { a: { from: in, steps: [ { group_by: value.user }, { aggregate: t } ] } }
`),
  );
  expect(topics.find(({ role }) => role === 'repartition')?.configs).toEqual({
    'cleanup.policy': 'delete',
    'retention.ms': '-1',
    'retention.bytes': '-1',
    ...eventDated,
  });
});

test('[O7] agents that aggregate into one table from two topics run in one task', () => {
  const { subtopologies } = compileDataflow(
    documentOf(`
app: shop
topics:
  a: { partitions: 4, key: string, value: { n: long } }
  b: { partitions: 4, key: string, value: { n: long } }
tables:
  t: { key: string, value: { n: sum(value.n) } }
agents:
  one: { from: a, steps: [ { aggregate: t } ] }
  two: { from: b, steps: [ { aggregate: t } ] }
`),
  );
  expect(subtopologies.map(({ id, sources, stores, because }) => [id, sources, stores, because])).toEqual([
    ['a+b', ['a', 'b'], ['t'], [{ by: { kind: 'table', id: 't' }, sources: ['a', 'b'] }]],
  ]);
});

test('[O4] [P4] a group_by that says its partitions repartitions by them, and the partitions that Kafka has rule', () => {
  const document = documentOf(`
app: p
topics: { in: { name: in, partitions: 6, key: string, value: { n: long } } }
tables: { counts: { key: string, value: { count: count() } } }
agents: { count: { from: in, steps: [ { group_by: { key: key, partitions: 4 } }, { aggregate: counts } ] } }
`);
  const counted = (there?: ReadonlyMap<string, number>) =>
    compileDataflow(document, there).topics.map(({ name, partitions }) => `${name} ${partitions}`);
  expect(counted()).toEqual(['in 6', 'p-count-group_by-repartition 4', 'p-counts-changelog 4', 'p-dead-letters 1']);
  expect(
    counted(
      new Map([
        ['in', 9],
        ['p-count-group_by-repartition', 2],
      ]),
    ),
  ).toEqual(['in 9', 'p-count-group_by-repartition 4', 'p-counts-changelog 4', 'p-dead-letters 1']);
});

const app = `
app: shop
topics:
  orders: { partitions: 4, key: string, value: { user: string, amount: long } }
  returns: { partitions: 4, key: string, value: { user: string, amount: long } }
  large: { key: string, value: { user: string, n: long } }
tables:
  counts: { key: string, window: { tumbling: 1m }, value: { n: count() } }
agents:
  count:
    from: [orders, returns]
    steps: [ { filter: value.amount > 1 }, { group_by: value.user }, { aggregate: counts }, { filter: value.n > 9 }, { map: { user: key, n: value.n } }, { send: large } ]
`;

test('[O7] the records of an agent go from its topics through its steps, a topic between them, and its table, to where they are sent', () => {
  const { edges, subtopologies } = compileDataflow(documentOf(app));
  const between = 'shop-count-group_by-repartition';
  expect(edges.map(({ kind, from, to }) => `${kind} ${from.node}.${from.port} > ${to.node}.${to.port}`)).toEqual([
    'forward source:orders.out > agent:count/filter.in',
    'forward source:returns.out > agent:count/filter.in',
    'forward agent:count/filter.out > agent:count/group_by.in',
    `repartition agent:count/group_by.out > source:${between}.in`,
    `forward source:${between}.out > agent:count/aggregate.in`,
    'forward agent:count/aggregate.state > table:counts.in',
    'forward table:counts.changes > agent:count/filter-2.in',
    'forward agent:count/filter-2.out > agent:count/map.in',
    'forward agent:count/map.out > agent:count/send.in',
    'forward agent:count/send.sent > sink:large.in',
  ]);
  expect(subtopologies.map(({ id, nodes, because }) => [id, nodes, because])).toEqual([
    [
      'orders+returns',
      ['source:orders', 'source:returns', 'agent:count/filter', 'agent:count/group_by'],
      [{ by: { kind: 'agent', id: 'count' }, sources: ['orders', 'returns'] }],
    ],
    [
      between,
      [
        `source:${between}`,
        'agent:count/aggregate',
        'agent:count/filter-2',
        'agent:count/map',
        'agent:count/send',
        'table:counts',
      ],
      [],
    ],
  ]);
  expect(subtopologies[1]?.feeders).toEqual({
    [between]: ['orders', 'returns'].map((name) => ({ name, topics: [name], partitions: 4, byRecords: true })),
  });
});

test('a dataflow is data: JSON keeps all of it', () => {
  const dataflow = compileDataflow(documentOf(app));
  expect(JSON.parse(JSON.stringify(dataflow))).toEqual(dataflow);
});

test('a document with problems is followed as far as it goes', () => {
  const { document } = parseDocument(
    app.replace('send: large', 'send: nowhere').replace('[orders, returns]', '[orders, gone]'),
  );
  if (document === null) throw new Error('no document');
  const { nodes, edges } = compileDataflow(document);
  expect(nodes.filter(({ kind }) => kind === 'sink')).toEqual([]);
  expect(edges.filter(({ to }) => to.node === 'agent:count/filter').map(({ from }) => from.node)).toEqual([
    'source:orders',
  ]);
  // A table that feeds itself has no end.
  const round = parseDocument(`
app: round
tables: { t: { key: string, value: { n: count() } } }
agents: { a: { from: { changes: t }, steps: [ { aggregate: t } ] } }
`).document;
  expect(round && compileDataflow(round).subtopologies).toEqual([]);
});

test('what an agent repartitions last is written, and read by nobody', () => {
  const { subtopologies, topics } = compileDataflow(
    documentOf(`
app: last
topics: { in: { partitions: 2, key: string, value: { user: string } } }
agents: { a: { from: in, steps: [ { group_by: value.user } ] } }
`),
  );
  expect(subtopologies.map(({ id }) => id)).toEqual(['in']);
  expect(topics.map(({ name }) => name)).toEqual(['in', 'last-a-group_by-repartition', 'last-dead-letters']);
});
