import type { BrokerLink, ConnectionName } from '../network/broker-link.ts';
import { isolationLevel } from '../network/isolation.ts';
import { type FetchedPartition, splitFetchResponse } from './fetch-response.ts';

export interface FetchPosition {
  readonly topic: string;
  readonly partition: number;
  readonly position: bigint;
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
  const topics = new Map<string, { partition: number; fetchOffset: string; maxBytes: number }[]>();
  for (const { topic, partition, position } of positions) {
    const partitions = topics.get(topic) ?? [];
    partitions.push({ partition, fetchOffset: position.toString(), maxBytes: limits.maxBytesPerPartition });
    topics.set(topic, partitions);
  }
  const payload = {
    isolationLevel: isolationLevel(uncommitted),
    maxWaitTime: limits.maxWaitMs,
    minBytes: 1,
    maxBytes: limits.maxBytes,
    topics: [...topics].map(([topic, partitions]) => ({ topic, partitions })),
  };
  return link.send<FetchedPartition[]>(
    'Fetch',
    payload,
    (call) => ({
      ...call,
      response: {
        ...call.response,
        decode: async (bytes) => splitFetchResponse(bytes, call.request.apiVersion, uncommitted),
      },
    }),
    over,
  );
}
