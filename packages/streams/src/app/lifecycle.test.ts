import { expect, test } from 'vitest';
import { type AppStateKind, type LifecycleEvent, transitions } from './lifecycle.ts';

const kinds = Object.keys(transitions) as AppStateKind[]; // the table is total over the kinds
const events = Object.keys(transitions.starting) as LifecycleEvent[]; // and over the events

const reachable = (from: AppStateKind): Set<AppStateKind> => {
  const seen = new Set<AppStateKind>([from]);
  for (const kind of seen) {
    for (const event of events) {
      const next = transitions[kind][event];
      if (next) seen.add(next);
    }
  }
  return seen;
};

test('[A2] every state can be reached from the start', () => {
  expect([...reachable('starting')].sort()).toEqual([...kinds].sort());
});

test.each(kinds)('[A2] %s can always be stopped', (kind) => {
  expect(reachable(kind)).toContain('stopped');
});

test('[A2] failed leads only to a stop, stopping only to stopped, stopped nowhere', () => {
  expect([...reachable('failed')]).toEqual(['failed', 'stopping', 'stopped']);
  expect([...reachable('stopping')]).toEqual(['stopping', 'stopped']);
  expect([...reachable('stopped')]).toEqual(['stopped']);
});

test.each(events)('[A2] %s leads to one state wherever it means something', (event) => {
  const targets = new Set(kinds.map((kind) => transitions[kind][event]).filter((to) => to !== null));
  expect(targets.size).toBe(1);
});
