import type { ExistingTopic } from '@millrace/dataflow';
import { apiPrefix, topicSummary } from '@millrace/protocol';
import { z } from 'zod';

/** A plan waits no longer than this for what Kafka has. */
const timeoutMs = 2_000;
const topicList = z.object({ topics: z.array(topicSummary) });

/** Kafka's topics as the engine tells them, by name; null: it does not answer, and a plan is made without. */
export async function existingTopics(): Promise<ReadonlyMap<string, ExistingTopic> | null> {
  const engine = process.env.ENGINE_URL;
  if (engine === undefined || !URL.canParse(engine)) return null;
  try {
    const answer = await fetch(new URL(`${apiPrefix}/topics`, engine), { signal: AbortSignal.timeout(timeoutMs) });
    if (!answer.ok) return null;
    const { topics } = topicList.parse(await answer.json());
    return new Map(topics.map(({ name, partitions, apps }) => [name, { partitions, apps }]));
  } catch {
    return null; // The engine is away, or slow: the deploy finds out, and says so.
  }
}
