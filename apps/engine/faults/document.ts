import { partitions } from './load.ts';

export const hoppingSizeMs = 10_000;
export const hoppingStepMs = 5_000;
export const tumblingMs = 10_000;

/**
 * Hopping windows behind a `group_by`, each update sent on; tumbling windows in the records' own task, each sent when it closes. Versions differ in a
 * condition that means the same, which is swapped in hot, and in an agent of their own, which takes a rejoin.
 */
export const document = (app: string, version: number, withWatcher: boolean): string => `app: ${app}
topics:
  sales: { name: ${app}-sales, partitions: ${partitions}, key: string, value: { shop: string, buyer: string, amount: long, ts: timestamp }, eventTime: value.ts }
  updates: { name: ${app}-updates, partitions: ${partitions}, key: string, value: { start: long, count: long, sum: long } }
  closed: { name: ${app}-closed, partitions: ${partitions}, key: string, value: { start: long, count: long } }
  seen: { name: ${app}-seen, partitions: ${partitions}, key: string, value: { shop: string, buyer: string, amount: long, ts: timestamp } }
tables:
  by-shop: { key: string, window: { hopping: ${hoppingSizeMs}ms, every: ${hoppingStepMs}ms, grace: 1m }, value: { count: count(), sum: sum(value.amount) } }
  by-buyer: { key: string, window: { tumbling: ${tumblingMs}ms, grace: 1s }, emit: close, value: { count: count() } }
agents:
  shops:
    from: sales
    steps:
      - filter: value.amount ${version % 2 === 0 ? '> 0' : '>= 1'}
      - group_by: value.shop
      - aggregate: by-shop
  buyers:
    from: sales
    steps:
      - filter: value.amount > 0
      - aggregate: by-buyer
  tell-updates:
    from: { changes: by-shop }
    steps:
      - map: { start: window.start, count: value.count, sum: value.sum }
      - send: { to: updates, key: key }
  tell-closed:
    from: { changes: by-buyer }
    steps:
      - map: { start: window.start, count: value.count }
      - send: { to: closed, key: key }
${
  withWatcher
    ? `  watcher:
    from: updates
    steps:
      - filter: value.count < 0
      - send: { to: closed, key: key }
`
    : ''
}settings: { commit: 200ms, idle: 1h }
`;
