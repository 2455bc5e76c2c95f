import * as z from 'zod';
import { appEntity } from './workspace.ts';

const rates = {
  inPerSecond: z.number(),
  outPerSecond: z.number(),
  droppedPerSecond: z.number(),
  latePerSecond: z.number(),
  errorsPerSecond: z.number(),
};

/** `agent:{id}`. */
export const agentEntity = z.object({
  id: z.string(),
  type: z.literal('agent'),
  agent: z.string(),
  ...rates,
  busyMs: z.number(),
  idleMs: z.number(),
  backpressuredMs: z.number(),
  level: z.enum(['OK', 'LOW', 'HIGH']),
  ratio: z.number(),
  tasks: z.number().int(),
});
/** `step:{agent}/{step}`. Totals grow since the app's start on its workers. */
export const stepEntity = z.object({
  id: z.string(),
  type: z.literal('step'),
  agent: z.string(),
  step: z.string(),
  ...rates,
  totals: z.object({ in: z.number(), out: z.number(), dropped: z.number(), late: z.number(), errors: z.number() }),
  /** Mean time an event takes in the step, ms. */
  latencyMs: z.number(),
  busyMs: z.number(),
  culprit: z.boolean(),
});
/** `partition:{kafka topic}/{n}`. */
export const partitionEntity = z.object({
  id: z.string(),
  type: z.literal('partition'),
  topic: z.string(),
  partition: z.number().int(),
  /** Null: nobody reads it, the app has failed. */
  worker: z.string().nullable(),
  committed: z.string().nullable(),
  read: z.string(),
  end: z.string(),
  lag: z.number(),
  /** Records with a null value that were passed over. */
  tombstones: z.number().int(),
  /** Records that were processed per second. */
  readPerSecond: z.number(),
  buffered: z.number().int(),
  bufferMax: z.number().int(),
  paused: z.boolean(),
  /** Of the task that reads it. */
  streamTimeMs: z.number().nullable(),
  /** The partition (or table) whose time is the earliest of those that the task waits for, `topic/n`. */
  timeWaitsFor: z.string().nullable(),
});
/** `table:{id}`. */
export const tableEntity = z.object({
  id: z.string(),
  type: z.literal('table'),
  table: z.string(),
  keys: z.number(),
  entries: z.number(),
  sizeBytes: z.number(),
  updatesPerSecond: z.number(),
  /** Since its workers hold it. */
  updates: z.number(),
  late: z.number(),
  streamTimeMs: z.number().nullable(),
  watermarkMs: z.number().nullable(),
  lastUpdateMs: z.number().nullable(),
  partitions: z.array(
    z.object({
      partition: z.number().int(),
      worker: z.string(),
      state: z.enum(['restoring', 'restored']),
      restoreDone: z.number(),
      restoreTotal: z.number(),
      restoreTookMs: z.number().nullable(),
      keys: z.number(),
      entries: z.number(),
      sizeBytes: z.number(),
      streamTimeMs: z.number().nullable(),
      watermarkMs: z.number().nullable(),
    }),
  ),
});
/** `failure:{topic}/{partition}/{offset}`: the newest records that failed. */
export const failureEntity = z.object({
  id: z.string(),
  type: z.literal('failure'),
  atMs: z.number(),
  topic: z.string(),
  partition: z.number().int(),
  offset: z.string(),
  reason: z.string(),
  agent: z.string().nullable(),
  step: z.string().nullable(),
});

/** `notice:{words}`: what a person should know and is no failure, in words; the newest. */
export const noticeEntity = z.object({
  id: z.string(),
  type: z.literal('notice'),
  atMs: z.number(),
  words: z.string(),
  /** Kafka's name of the topic that it is about. */
  topic: z.string().nullable(),
  /** The agent that it is about. */
  agent: z.string().nullable(),
});

export const graphEntity = z.discriminatedUnion('type', [
  appEntity,
  agentEntity,
  stepEntity,
  partitionEntity,
  tableEntity,
  failureEntity,
  noticeEntity,
]);
export type GraphEntity = z.infer<typeof graphEntity>;
export type AgentEntity = z.infer<typeof agentEntity>;
export type StepEntity = z.infer<typeof stepEntity>;
export type PartitionEntity = z.infer<typeof partitionEntity>;
export type TableEntity = z.infer<typeof tableEntity>;
export type FailureEntity = z.infer<typeof failureEntity>;
export type NoticeEntity = z.infer<typeof noticeEntity>;
