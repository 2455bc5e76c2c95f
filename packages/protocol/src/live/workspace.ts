import * as z from 'zod';
import { rawProblem } from '../api/error.ts';

/** Of Kafka, Postgres and the disk of the data folder, as the engine sees them. */
export const healthEntity = z.object({
  id: z.enum(['health:kafka', 'health:postgres', 'health:disk']),
  type: z.literal('health'),
  ok: z.boolean(),
  /** In words: what was tried and what it said. */
  message: z.string(),
  attempts: z.array(z.object({ address: z.string(), said: z.string(), atMs: z.number() })),
  sinceMs: z.number(),
  nextTryMs: z.number().nullable(),
  /** `brokers: 3`, `latencyMs: 2`, `freeBytes: 1e9`, … shown as figures with units. */
  figures: z.record(z.string(), z.number()),
});

export const engineEntity = z.object({
  id: z.string(),
  type: z.literal('engine'),
  name: z.string(),
  startedMs: z.number(),
  cpuPercent: z.number(),
  heapBytes: z.number(),
  tasks: z.number().int(),
  workers: z.array(
    z.object({
      id: z.string(),
      pid: z.number().int(),
      state: z.enum(['starting', 'running', 'restarting']),
      startedMs: z.number(),
      restarts: z.number().int(),
      cpuPercent: z.number(),
      heapBytes: z.number(),
      tasks: z.number().int(),
    }),
  ),
});

/** What runs of an app; `id` is `app:{app}`. Also part of the graph channel. */
export const appEntity = z.object({
  id: z.string(),
  type: z.literal('app'),
  app: z.string(),
  /** As the status icon says it. */
  status: z.enum(['draft', 'starting', 'restoring', 'running', 'paused', 'retrying', 'failed', 'stopping', 'stopped']),
  /** In words, for failed and retrying. */
  reason: z.string().nullable(),
  problems: z.array(rawProblem).optional(),
  sinceMs: z.number().nullable(),
  restoring: z.object({ done: z.number(), total: z.number(), leftMs: z.number().nullable() }).nullable(),
  /** The version that runs; null: none. */
  version: z.number().int().nullable(),
  /** Why it runs in a worker of its own, apart from the other apps: it has ended workers; null: it does not. */
  quarantine: z.string().nullable(),
  /** A newer one that failed to start, and why. */
  failedVersion: z.object({ version: z.number().int(), reason: z.string(), atMs: z.number() }).nullable(),
  inPerSecond: z.number(),
  outPerSecond: z.number(),
  lag: z.number(),
  /** `inPerSecond` and `lag` over the last 15 minutes, oldest first, at most 60 points. */
  history: z.object({ inPerSecond: z.array(z.number()), lag: z.array(z.number()) }),
  backpressure: z.object({
    level: z.enum(['OK', 'LOW', 'HIGH']),
    ratio: z.number(),
    culprit: z.object({ agent: z.string(), step: z.string() }).nullable(),
  }),
  tasks: z.number().int(),
  deadLetters: z.number().int(),
});

export const workspaceEntity = z.discriminatedUnion('type', [healthEntity, engineEntity, appEntity]);
export type HealthEntity = z.infer<typeof healthEntity>;
export type EngineEntity = z.infer<typeof engineEntity>;
export type AppEntity = z.infer<typeof appEntity>;
export type WorkspaceEntity = z.infer<typeof workspaceEntity>;
