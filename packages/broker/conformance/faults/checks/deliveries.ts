/** What readers were given while the broker died under them is what is there, and nothing was left out. */
import type { RawClient } from '../../raw-client.ts';
import { readersGroup } from '../actors/group-members.ts';
import { onlooker } from '../actors/onlooker.ts';
import { committedOffset } from '../committed-offset.ts';
import { type Ledger, type Place, placeName } from '../ledger.ts';
import type { PlacedContent } from './records.ts';

export async function checkDeliveries(
  client: RawClient,
  ledger: Ledger,
  contents: readonly PlacedContent[],
): Promise<string[]> {
  const faults: string[] = [];
  for (const content of contents) {
    const { place } = content;
    const position = await committedOffset(client, readersGroup, place);
    // KafkaJS ends one aborted range a record, and so shows records of ranges that overlap: only what it misses counts.
    faults.push(...compare(readersGroup, ledger, content, position, false));
    const onlookerAt = lastDelivered(onlooker.name, ledger, place) + 1n;
    faults.push(...compare(onlooker.name, ledger, content, onlookerAt, true));
  }
  return faults;
}

function compare(
  reader: string,
  ledger: Ledger,
  { place, records }: PlacedContent,
  position: bigint,
  minds: boolean,
): string[] {
  const delivered = ledger.deliveries.get(`${reader} ${placeName(place)}`);
  if (delivered === undefined) return [];
  return records.flatMap(({ offset, value, isCommitted }) => {
    const given = delivered.get(offset);
    const at = `${placeName(place)} ${offset}`;
    if (given !== undefined && given !== value) return [`${at}: ${reader} was given '${given}', where '${value}' is`];
    if (given !== undefined && minds && !isCommitted)
      return [`${at}: ${reader} was given '${given}', which was aborted`];
    const isMissed = given === undefined && isCommitted && offset < position;
    return isMissed ? [`${at}: ${reader} has never been given '${value}', and is at ${position}`] : [];
  });
}

function lastDelivered(reader: string, ledger: Ledger, place: Place): bigint {
  let last = -1n;
  for (const offset of ledger.deliveries.get(`${reader} ${placeName(place)}`)?.keys() ?? [])
    if (offset > last) last = offset;
  return last;
}
