import { setTimeout as sleep } from 'node:timers/promises';
import { recordsReply, type TopicRecord, topicDetail } from '@millrace/protocol';
import type { ApiClient } from '../api/client.ts';

const pollMs = 400;
const pageSize = 500;
/** How many of the newest records stand before what comes. */
const newestSize = 50;

/**
 * A topic's newest records or all, whole, then what comes. Each page begins where the one before ended: nothing is shown twice, nothing left out. Not
 * following, it ends at the end as it was at the start, however fast the topic grows. `most`: how many are wanted at all.
 */
export async function* recordsFrom(
  api: ApiClient,
  topic: string,
  from: string,
  follow: boolean,
  most: number,
): AsyncGenerator<TopicRecord> {
  const path = `/topics/${encodeURIComponent(topic)}`;
  const read = (query: Readonly<Record<string, string>>) =>
    api.get(`${path}/records?${new URLSearchParams({ whole: 'true', ...query })}`, recordsReply);
  const ends = follow ? null : await endsOf(api, path);
  const isBefore = (partition: number, offset: string) => ends === null || BigInt(offset) < (ends.get(partition) ?? 0n);

  let page = await read({ from, limit: String(Math.min(most, from === 'newest' ? newestSize : pageSize)) });
  yield* inTimeOrder(page.records).filter(({ partition, offset }) => isBefore(partition, offset));
  if (from === 'newest' && !follow) return;
  const at = new Map(page.next.map(({ partition, offset }) => [partition, offset]));
  for (;;) {
    const open = [...at].filter(([partition, offset]) => isBefore(partition, offset));
    if (open.length === 0) return;
    page = await read({
      from: 'offset',
      at: open.map((position) => position.join(':')).join(','),
      limit: String(pageSize),
    });
    yield* page.records.filter(({ partition, offset }) => isBefore(partition, offset));
    for (const { partition, offset } of page.next) at.set(partition, offset);
    if (page.done && page.records.length === 0) await sleep(pollMs);
  }
}

async function endsOf(api: ApiClient, path: string): Promise<ReadonlyMap<number, bigint>> {
  const { offsets } = await api.get(path, topicDetail);
  return new Map(offsets.map(({ partition, latest }) => [partition, BigInt(latest)]));
}

const inTimeOrder = (page: readonly TopicRecord[]) => [...page].sort((a, b) => a.timestampMs - b.timestampMs);
