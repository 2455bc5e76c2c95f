import type { AppEntity, AppSummary } from '@millrace/protocol';
import { expect, test } from 'vitest';
import { appStatus, belongsTo, lagTrend } from './app-status.ts';

const deployment = {
  version: 2,
  desired: 'running',
  generation: 1,
  outcome: 'settled',
  runningVersion: 2,
  reason: null,
  deployedAt: '2026-11-01T10:00:00Z',
  actor: 'you',
} as const;
const summary: AppSummary = {
  app: 'a',
  label: null,
  description: null,
  draft: { revision: 1, savedAt: '2026-11-01T10:00:00Z', changes: 0, problems: 0 },
  latestVersion: 2,
  deployment,
  topics: [],
  tables: [],
};
const entity: AppEntity = {
  id: 'app:a',
  type: 'app',
  app: 'a',
  status: 'running',
  reason: null,
  sinceMs: 0,
  restoring: null,
  version: 2,
  quarantine: null,
  failedVersion: null,
  inPerSecond: 1,
  outPerSecond: 1,
  lag: 0,
  history: { inPerSecond: [], lag: [] },
  backpressure: { level: 'OK', ratio: 0, culprit: null },
  tasks: 1,
  deadLetters: 0,
};

test('without a word from the engine an app has the status that it should have', () => {
  expect(appStatus({ ...summary, deployment: null }, undefined, 0)).toEqual({ status: 'draft' });
  expect(appStatus({ ...summary, deployment: { ...deployment, desired: 'paused' } }, undefined, 0)).toEqual({
    status: 'paused',
  });
});

test('a restoring app says how far it is and how long it takes', () => {
  const status = appStatus(
    summary,
    { ...entity, status: 'restoring', restoring: { done: 64, total: 100, leftMs: 20_000 } },
    0,
  );
  expect(status).toEqual({ status: 'restoring', detail: '64 %', note: 'about 20 s left' });
});

test('a version that failed to start wants attention while the one before it runs on', () => {
  const failed = { ...entity, failedVersion: { version: 3, reason: 'no topic x', atMs: 0 } };
  const status = appStatus(summary, failed, 0);
  expect(status).toEqual({ status: 'running', reason: 'v3 did not start: no topic x' });
  expect(belongsTo('attention', status, failed)).toBe(true);
});

test('a lag has a direction only when it moves by more than a tenth', () => {
  const flat = Array.from({ length: 15 }, () => 1000);
  expect(lagTrend(flat)).toBe('steady');
  expect(lagTrend([...flat.slice(0, 10), 1500, 1500, 1500, 1500, 1500])).toBe('rising');
  expect(lagTrend([...flat.slice(0, 10), 100, 100, 100, 100, 100])).toBe('falling');
});
