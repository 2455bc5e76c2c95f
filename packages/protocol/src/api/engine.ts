import * as z from 'zod';
import { appEntity, engineEntity, healthEntity } from '../live/workspace.ts';

/** `GET /api/v1/engine`: what is, now. `POST /api/v1/engine/retry` tries Kafka and Postgres at once. */
export const engineReply = z.object({
  /** The Millrace that the engine belongs to, where it runs under one: its dashboard has the same. */
  instance: z.string().optional(),
  engine: engineEntity,
  health: z.array(healthEntity),
  apps: z.array(appEntity),
});
export type EngineReply = z.infer<typeof engineReply>;
