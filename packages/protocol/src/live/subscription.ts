import * as z from 'zod';
import { timeMs } from '../api/time.ts';

/** The contract's version: the handshake's `auth.protocol`. A server of another version refuses the connection, saying so. */
export const protocolVersion = 2;
/** Socket.IO's path and options that both ends share (one origin with the page, through the dashboard's proxy). */
export const liveSocket = { path: '/socket.io', addTrailingSlash: false } as const;

/** Figures and health of every app and engine: the home page. */
export const workspaceChannel = z.object({ channel: z.literal('workspace') });
/** One app's graph in figures: its agents, steps, partitions, tasks, tables. */
export const graphChannel = z.object({ channel: z.literal('graph'), app: z.string() });
/** The visible rows of one table. Changing the query is a new subscription. */
export const tableChannel = z.object({
  channel: z.literal('table'),
  app: z.string(),
  table: z.string(),
  search: z.string().max(256).optional(),
  /** An expression over `key` and `value`. */
  where: z.string().max(2000).optional(),
  windows: z.union([z.enum(['latest', 'open', 'all']), z.object({ startMs: timeMs })]),
  sort: z.object({ column: z.string(), descending: z.boolean() }).optional(),
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(500),
  trend: z.boolean().default(false),
});
/** A Kafka topic's newest records as they come. */
export const tailChannel = z.object({
  channel: z.literal('tail'),
  topic: z.string(),
  /** Decode with this app's model of the topic; absent: any app that declares it, else JSON or text as it looks. */
  app: z.string().optional(),
  partition: z.number().int().min(0).optional(),
  where: z.string().max(2000).optional(),
});
/** Generators and their progress. */
export const generatorsChannel = z.object({ channel: z.literal('generators') });

export const channelRequest = z.discriminatedUnion('channel', [
  workspaceChannel,
  graphChannel,
  tableChannel,
  tailChannel,
  generatorsChannel,
]);
export type ChannelRequest = z.infer<typeof channelRequest>;

/** Client → server `subscribe`: `id` is the client's own. Acknowledged with `SubscribeReply`; frames follow as `frame` events. */
export const subscribeMessage = z.object({ id: z.string().max(64), request: channelRequest });
export type SubscribeReply =
  | { readonly ok: true }
  | { readonly ok: false; readonly error: { readonly code: string; readonly message: string; readonly hint?: string } };

/** Client → server `unsubscribe` and `resnapshot` (after a gap). */
export const subscriptionRef = z.object({ id: z.string().max(64) });
/** Client → server `pause`: the tail goes on counting, but sends no rows. */
export const pauseMessage = z.object({ id: z.string().max(64), paused: z.boolean() });
