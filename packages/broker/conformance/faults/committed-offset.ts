import { offsetFetch } from '../../src/apis/09-offset-fetch.ts';
import type { RawClient } from '../raw-client.ts';
import type { Place } from './ledger.ts';

/** Where the group is in the partition; -1 when it has committed nothing. */
export async function committedOffset(client: RawClient, groupId: string, place: Place): Promise<bigint> {
  const topics = [{ name: place.topic, partitions: [place.partition] }];
  const answer = await client.call(offsetFetch, 5, { ...offsetFetch.request.empty, groupId, topics });
  return answer.topics[0]?.partitions[0]?.offset ?? -1n;
}
