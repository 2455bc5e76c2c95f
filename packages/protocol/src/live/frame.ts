import * as z from 'zod';

/**
 * Server → client `frame`, as JSON text: `parseJson` keeps every digit of its numbers, which Socket.IO's own JSON would not. One shape for every channel: a snapshot (all entities), then numbered deltas, conflated by entity id and sent at most every
 * 100 ms. Each frame is acknowledged (Socket.IO ack); with two unacknowledged the server stops sending and conflates on. A client that
 * sees `seq` jump asks for a new snapshot.
 */
export const frame = z.object({
  id: z.string(),
  seq: z.number().int(),
  kind: z.enum(['snapshot', 'delta']),
  /** Entities that are new or changed, whole. Each carries `id` and `type`. */
  set: z.array(z.looseObject({ id: z.string(), type: z.string() })),
  remove: z.array(z.string()),
  /** Ids in order, where the channel is ordered (table rows). */
  order: z.array(z.string()).optional(),
  /** Intermediate values or rows left out since the last frame, because the client or the page could not keep up. */
  skipped: z.number().int(),
  /** Wall clock of the figures, epoch ms. */
  atMs: z.number(),
});
export type Frame = z.infer<typeof frame>;
