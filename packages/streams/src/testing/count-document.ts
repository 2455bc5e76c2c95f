import { type Agent, type AppDocument, parseDocument } from '@millrace/spec';
import { assert } from '../assert.ts';

/** An app that counts in one-second windows: `in` (key string, value { n: long }), table `counts`, and each update of it to `out`. */
export const countDocument = (
  overrides: {
    readonly where?: string;
    /** An expression to repartition by. */
    readonly groupBy?: string;
    readonly settings?: string;
    readonly partitions?: number;
    readonly app?: string;
    readonly onError?: Agent['onError'];
    readonly emit?: 'update' | 'close';
  } = {},
): AppDocument => {
  const {
    where = 'true',
    groupBy,
    settings = '{}',
    partitions = 2,
    app = 'counting',
    onError = 'dead-letter',
    emit = 'update',
  } = overrides;
  const parsed = parseDocument(`
app: ${app}
topics:
  in: { name: ${app}-in, partitions: ${partitions}, key: string, value: { n: long }, eventTime: record }
  out: { name: ${app}-out, partitions: ${partitions}, key: string, value: { count: long, total: long } }
tables:
  counts: { key: string, window: { tumbling: 1s, grace: 10s }, emit: ${emit}, value: { count: count(), total: sum(value.n) } }
agents:
  counter:
    from: in
    onError: ${onError}
    steps:
      - filter: "${where}"
${groupBy === undefined ? '' : `      - group_by: ${groupBy}\n`}      - aggregate: counts
  teller:
    from: { changes: counts }
    steps:
      - send: { to: out, key: key }
settings: ${settings}
`);
  assert(parsed.document, JSON.stringify(parsed.problems));
  return parsed.document;
};
