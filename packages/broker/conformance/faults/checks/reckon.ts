/** Compares all that is there with all that the load knows, once the load has come to its end. */
import type { RawClient } from '../../raw-client.ts';
import type { Ledger } from '../ledger.ts';
import { readPartition } from '../partition-content.ts';
import { stageTopics } from '../stage.ts';
import { checkDeliveries } from './deliveries.ts';
import { checkKeys } from './keys.ts';
import { checkCommits, checkShipments, checkTransactionalOffsets } from './offsets.ts';
import { checkRecords, type PlacedContent } from './records.ts';
import { checkTopics } from './topics.ts';

/** What is wrong, a line each; nothing when all is right. */
export async function reckon(client: RawClient, ledger: Ledger): Promise<string[]> {
  const contents: PlacedContent[] = [];
  for (const { name: topic, partitionCount } of stageTopics) {
    for (let partition = 0; partition < partitionCount; partition += 1) {
      const place = { topic, partition };
      contents.push({ place, ...(await readPartition(client, place)) });
    }
  }
  return [
    ...checkRecords(ledger, contents),
    ...checkKeys(ledger, contents),
    ...(await checkCommits(client, ledger)),
    ...(await checkTransactionalOffsets(client, ledger, contents)),
    ...(await checkShipments(client, contents)),
    ...(await checkDeliveries(client, ledger, contents)),
    ...(await checkTopics(client, ledger)),
  ];
}
