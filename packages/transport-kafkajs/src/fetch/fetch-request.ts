import type { BrokerLink, ConnectionName } from '../network/broker-link.ts';
import { isolationLevel } from '../network/isolation.ts';
import { type AskedPartition, byId, servesFetchById } from './fetch-by-id.ts';
import { type FetchedPartition, splitFetchResponse } from './fetch-response.ts';

export interface FetchPosition {
  readonly topic: string;
  readonly partition: number;
  readonly position: bigint;
  /** Its topic's; null: not known. */
  readonly topicId: string | null;
}

export interface FetchLimits {
  /** How long the broker may wait for a first record, ms. */
  readonly maxWaitMs: number;
  readonly maxBytesPerPartition: number;
  readonly maxBytes: number;
}

/** One Fetch to the leader of these partitions. Their order is the broker's order of filling the response. */
export async function fetchRecords(
  link: BrokerLink,
  positions: readonly FetchPosition[],
  limits: FetchLimits,
  over: ConnectionName,
  uncommitted: boolean,
): Promise<FetchedPartition[]> {
  const topics = new Map<string, { readonly topicId: string | null; readonly partitions: AskedPartition[] }>();
  for (const { topic, topicId, partition, position } of positions) {
    const asked = topics.get(topic) ?? { topicId, partitions: [] };
    asked.partitions.push({ partition, fetchOffset: position.toString(), maxBytes: limits.maxBytesPerPartition });
    topics.set(topic, asked);
  }
  const payload = {
    isolationLevel: isolationLevel(uncommitted),
    maxWaitTime: limits.maxWaitMs,
    minBytes: 1,
    maxBytes: limits.maxBytes,
  };
  const named = [...topics].map(([topic, asked]) => ({ topic, ...asked }));
  const identified = named.flatMap(({ topicId, ...rest }) => (topicId === null ? [] : [{ topicId, ...rest }]));
  return link.send<FetchedPartition[]>(
    'Fetch',
    { ...payload, topics: named },
    (call, served) =>
      servesFetchById(served) && identified.length === named.length
        ? byId(call, { ...payload, topics: identified }, uncommitted)
        : {
            ...call,
            response: {
              ...call.response,
              decode: async (bytes) => splitFetchResponse(bytes, call.request.apiVersion, uncommitted),
            },
          },
    over,
  );
}
