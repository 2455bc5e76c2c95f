/** Topics whose creation was answered exist, those whose deletion was answered do not, and there are no others. */
import { metadata } from '../../../src/apis/03-metadata.ts';
import type { RawClient } from '../../raw-client.ts';
import type { Ledger } from '../ledger.ts';
import { stageTopics } from '../stage.ts';

export async function checkTopics(client: RawClient, ledger: Ledger): Promise<string[]> {
  const answer = await client.call(metadata, 4, { ...metadata.request.empty, topics: null });
  const found = new Set(answer.topics.map(({ name }) => name));
  const faults: string[] = [];
  for (const [name, existence] of ledger.topics) {
    if (existence === 'exists' && !found.has(name)) faults.push(`the topic ${name} was created and is not there`);
    if (existence === 'absent' && found.has(name)) faults.push(`the topic ${name} was deleted and is there`);
  }
  const known = new Set<string | null>([...stageTopics.map(({ name }) => name), ...ledger.topics.keys()]);
  for (const name of found) if (!known.has(name)) faults.push(`nobody has created the topic ${name}`);
  return faults;
}
