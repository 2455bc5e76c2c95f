import type { PlanElement } from '@millrace/dataflow';
import { expect, test } from 'vitest';
import { fate } from './plan-fate.ts';

const table = (change: PlanElement['change'], state: PlanElement['state']['fate']): PlanElement => ({
  kind: 'table',
  id: 'counts',
  change,
  what: [],
  state: { fate: state, words: '' },
  pause: 'none',
});

test('a table whose state is lost is never called as it is', () => {
  expect(fate(table('kept', 'kept'), 'rejoin')).toBe('as it is');
  expect(fate(table('kept', 'starts-empty'), 'rejoin')).toBe('counted again');
  expect(fate(table('changed', 'starts-empty'), 'rejoin')).toBe('starts empty');
  expect(fate(table('changed', 'kept'), 'swap')).toBe('swapped in place');
  expect(fate(table('dropped', 'dropped'), 'rejoin')).toBe('ends');
});
