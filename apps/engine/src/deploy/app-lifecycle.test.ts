import { expect, test } from 'vitest';
import { type AppEvent, type AppPhase, appTransitions, nextPhase } from './app-lifecycle.ts';

const phases = Object.keys(appTransitions) as AppPhase[]; // the table is total over the phases
const walk = (...events: AppEvent[]): AppPhase => events.reduce(nextPhase, 'idle' as AppPhase); // where every app begins

test('a first version starts, is paused and resumed, and stops', () => {
  expect(walk('deploy', 'started')).toBe('running');
  expect(walk('deploy', 'started', 'started-paused', 'started')).toBe('running');
  expect(walk('deploy', 'started', 'stop', 'stopped')).toBe('idle');
});

test('a version that fails has the one before brought back; a first one that fails leaves nothing running', () => {
  expect(walk('deploy', 'started', 'change', 'fall-back', 'started')).toBe('running');
  expect(walk('deploy', 'started', 'change', 'fall-back', 'refused')).toBe('failed');
  expect(walk('deploy', 'refused')).toBe('failed');
});

test('whatever waits for Kafka is tried again', () => {
  expect(walk('deploy', 'unreachable', 'deploy', 'started')).toBe('running');
  expect(walk('deploy', 'started', 'change', 'unreachable', 'change', 'started')).toBe('running');
});

test('a person can stop an app, and deploy another version, in every phase', () => {
  for (const phase of phases) {
    expect(appTransitions[phase].stop, phase).toBe('stopping');
    if (phase !== 'stopping') expect(appTransitions[phase].deploy, phase).toBe('starting');
  }
});

test('what can’t happen is a broken invariant', () => {
  expect(() => nextPhase('idle', 'started')).toThrow('Broken invariant: started of an app that is idle');
});

test('no phase is without a way out, and every phase is reached', () => {
  const reached = new Set(phases.flatMap((phase) => Object.values(appTransitions[phase])));
  for (const phase of phases) {
    expect(
      Object.values(appTransitions[phase]).some((next) => next !== null && next !== phase),
      phase,
    ).toBe(true);
    expect(reached.has(phase), phase).toBe(true);
  }
});
