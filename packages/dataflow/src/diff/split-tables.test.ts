import { type AppDocument, applyEdits, parseDocument } from '@millrace/spec';
import { expect, test } from 'vitest';
import type { Plan } from './plan.ts';
import { planDeploy } from './plan-deploy.ts';

const counting = (steps = '', partitions = 2): string => `app: shop
topics:
  orders: { partitions: ${partitions}, key: string, value: { item: string } }
tables:
  counts: { key: string, value: { count: count() } }
agents:
  count:
    from: orders
    steps:
${steps}      - aggregate: counts
`;

function document(text: string): AppDocument {
  const { document, problems } = parseDocument(text);
  if (document === null || problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
  return document;
}

const kafka = (orders: number, changelog = 2, more: Record<string, number> = {}) =>
  new Map(
    Object.entries({ orders, 'shop-counts-changelog': changelog, ...more }).map(([name, partitions]) => [
      name,
      { partitions, apps: ['shop'] },
    ]),
  );

const planned = (text: string, existingTopics: ReturnType<typeof kafka>): Plan =>
  planDeploy({
    app: 'shop',
    from: { version: 1, document: document(counting()) },
    to: { version: 2, document: document(text) },
    existingTopics,
  });

/** Of a first version, where Kafka has orders and returns with different partitions. */
const firstPlan = (text: string): Plan =>
  planDeploy({
    app: 'shop',
    from: null,
    to: { version: 1, document: document(text) },
    existingTopics: new Map([
      ['orders', { partitions: 2, apps: ['shop'] }],
      ['returns', { partitions: 4, apps: ['shop'] }],
    ]),
  });

const taken = (text: string, plan: Plan, kind: 'keep' | 'rebuild'): string =>
  applyEdits(
    text,
    plan.splits.flatMap(({ ways }) => ways.filter((way) => way.kind === kind).flatMap(({ edits }) => edits)),
  );

test('[P2] a table that its topic would split is said with its ways out, whatever number the document says', () => {
  for (const says of [2, 4]) {
    const { splits, confirmations } = planned(counting('', says), kafka(4));
    expect(splits.map(({ tables, message }) => [tables, message])).toEqual([
      [
        ['counts'],
        'orders has 4 partitions in Kafka, and counts is kept by 2: records of one key would be counted in two places.',
      ],
    ]);
    expect(splits[0]?.ways.map(({ kind }) => kind)).toEqual(['keep', 'rebuild']);
    expect(confirmations).toEqual([]);
  }
});

test('[P2] a topic as it was, one behind a group_by, and one that only the document gives others split nothing', () => {
  expect(planned(counting(), kafka(2)).splits).toEqual([]);
  expect(planned(counting('', 4), kafka(2)).splits).toEqual([]);
  expect(planned(counting('      - group_by: value.item\n'), kafka(4)).splits).toEqual([]);
});

test('[P4] the way that keeps the state repartitions in front, and nothing has to be confirmed', () => {
  const text = taken(counting(), planned(counting(), kafka(4)), 'keep');
  expect(document(text).agents['count']?.steps).toMatchObject([
    { op: 'group_by', key: 'key', partitions: 2 },
    { op: 'aggregate' },
  ]);
  const plan = planned(text, kafka(4));
  expect([plan.splits, plan.confirmations]).toEqual([[], []]);
});

test('[P4] the way that rebuilds has to be confirmed, whatever number the document says', () => {
  for (const says of [2, 4]) {
    const before = counting('', says);
    const plan = planned(taken(before, planned(before, kafka(4)), 'rebuild'), kafka(4));
    expect(plan.splits).toEqual([]);
    expect(plan.confirmations).toEqual([
      { element: 'table:counts', message: expect.stringContaining('Rebuild counts: it goes from 2 to 4 partitions.') },
    ]);
  }
});

test('[P4] a table that has the partitions already is not rebuilt, though the version before said others', () => {
  const plan = planned(counting('      - group_by: { key: key, partitions: 4 }\n'), kafka(4, 4));
  expect([plan.splits, plan.confirmations]).toEqual([[], []]);
});

test('[P4] what is counted from the same sources is rebuilt with it, and that is to be confirmed, too', () => {
  const withOthers = (text: string): string =>
    `${text}  direct: { from: orders, steps: [ { aggregate: plain } ] }
  elsewhere: { from: returns, steps: [ { aggregate: apart } ] }
`
      .replace(
        'tables:\n',
        'tables:\n  plain: { key: string, value: { n: count() } }\n  apart: { key: string, value: { n: count() } }\n',
      )
      .replace('topics:\n', 'topics:\n  returns: { partitions: 2, key: string, value: { item: string } }\n');
  const grouped = (partitions: number) =>
    document(withOthers(counting(`      - group_by: { key: value.item, partitions: ${partitions} }\n`)));
  const plan = planDeploy({
    app: 'shop',
    from: { version: 1, document: grouped(2) },
    to: { version: 2, document: grouped(4) },
    existingTopics: kafka(2, 2, { returns: 2, 'shop-plain-changelog': 2, 'shop-apart-changelog': 2 }),
  });
  expect(plan.confirmations.map(({ element, message }) => [element, message.split(':')[0]]).sort()).toEqual([
    ['table:counts', 'Rebuild counts'],
    ['table:plain', 'Rebuild plain, too'],
  ]);
});

test('[P4] a step behind the aggregate keeps its id, and with it the topic that it names', () => {
  const more = counting().replace(
    '- aggregate: counts',
    '- aggregate: counts\n      - group_by: key + ""\n      - aggregate: items',
  );
  const text = more.replace('tables:\n', 'tables:\n  items: { key: string, value: { count: count() } }\n');
  const changed = document(taken(text, planned(text, kafka(4)), 'keep'));
  expect(changed.agents['count']?.steps.map(({ id }) => id)).toEqual([
    'group_by-same-key',
    'aggregate',
    'group_by',
    'aggregate-2',
  ]);
});

test('what will be made has as many partitions as its source has in Kafka', () => {
  const plan = planDeploy({
    app: 'shop',
    from: null,
    to: { version: 1, document: document(counting('      - group_by: value.item\n')) },
    existingTopics: new Map([['orders', { partitions: 6, apps: [] }]]),
  });
  expect(plan.topicsToCreate.map(({ role, partitions }) => [role, partitions])).toEqual([
    ['repartition', 6],
    ['changelog', 6],
    ['dead-letters', 1],
  ]);
});

test('[P2] a new table of topics that Kafka has with different partitions is said with its way out, which counts them together', () => {
  const text = `app: shop
topics:
  orders: { partitions: 2, key: string, value: { item: string } }
  returns: { partitions: 2, key: string, value: { item: string } }
tables:
  counts: { key: string, value: { count: count() } }
agents:
  count: { from: orders, steps: [ { aggregate: counts } ] }
  more: { from: returns, steps: [ { aggregate: counts } ] }
`;
  const { splits } = firstPlan(text);
  expect(splits.map(({ message, ways }) => [message, ways.map(({ label, words }) => [label, words])])).toEqual([
    [
      'orders has 2 partitions in Kafka and returns has 4 partitions in Kafka, and counts would be counted from all of them: records of one key would be counted in two places.',
      [
        [
          'Count together',
          'Puts group_by: { key: key, partitions: 4 } in front of the aggregates: counts is counted in 4 partitions.',
        ],
      ],
    ],
  ]);
  const taken = firstPlan(applyEdits(text, splits[0]?.ways[0]?.edits ?? []));
  expect(taken.splits).toEqual([]);
  expect(
    taken.topicsToCreate.filter(({ role }) => role !== 'dead-letters').map(({ partitions }) => partitions),
  ).toEqual([4, 4, 4]);
});

test('[P4] a table of repartitions that would differ is said, and counted together once both say the same', () => {
  const text = `app: shop
topics:
  orders: { partitions: 2, key: string, value: { item: string } }
  returns: { partitions: 2, key: string, value: { item: string } }
tables:
  counts: { key: string, value: { count: count() } }
agents:
  count: { from: orders, steps: [ { group_by: { key: value.item, partitions: 2 } }, { aggregate: counts } ] }
  more: { from: returns, steps: [ { group_by: value.item }, { aggregate: counts } ] }
`;
  const { splits } = firstPlan(text);
  expect(splits.map(({ message, ways }) => [message, ways.map(({ words }) => words)])).toEqual([
    [
      'shop-count-group_by-repartition has 2 partitions and shop-more-group_by-repartition has 4 partitions, and counts would be counted from all of them: records of one key would be counted in two places.',
      ['Lets every group_by say partitions: 4: counts is counted in 4 partitions.'],
    ],
  ]);
  const together = applyEdits(text, splits[0]?.ways[0]?.edits ?? []);
  expect(firstPlan(together).splits).toEqual([]);
  expect(together).toContain('group_by: { key: value.item, partitions: 4 }');
});
