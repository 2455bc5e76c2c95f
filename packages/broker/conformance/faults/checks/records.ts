/** Nothing acknowledged is lost, nothing is there twice, nothing is there that was never written, a transaction is all or nothing. */
import { type Ledger, type Place, placeName, type Transaction, type Write } from '../ledger.ts';
import type { ContentRecord, PartitionContent } from '../partition-content.ts';

export interface PlacedContent extends PartitionContent {
  readonly place: Place;
}

export function checkRecords(ledger: Ledger, contents: readonly PlacedContent[]): string[] {
  return [
    ...contents.flatMap((content) => checkPartition(ledger, content)),
    ...checkTransactions(ledger, contents),
    ...checkStarts(ledger, contents),
  ];
}

function checkPartition(
  ledger: Ledger,
  { place, startOffset, stableOffset, endOffset, records }: PlacedContent,
): string[] {
  const faults: string[] = [];
  const say = (what: string) => faults.push(`${placeName(place)}: ${what}`);
  const mine = ledger.writes.filter((one) => one.topic === place.topic && one.partition === place.partition);
  const byValue = new Map(mine.map((write) => [write.value, write]));
  const byOffset = new Map<bigint, ContentRecord>();
  const seen = new Map<string, bigint>();
  let before = -1n;
  for (const record of records) {
    if (record.offset <= before) say(`offset ${record.offset} comes after ${before}`);
    before = record.offset;
    byOffset.set(record.offset, record);
    if (record.value === null) continue;
    const write = byValue.get(record.value);
    if (write === undefined || write.key !== record.key)
      say(`offset ${record.offset} holds what nobody wrote: ${brief(record)}`);
    else if (write.offset !== null && write.offset !== record.offset)
      say(`${brief(record)} was acknowledged at ${write.offset} and is at ${record.offset}`);
    const twin = seen.get(record.value);
    if (twin !== undefined) say(`${brief(record)} is there twice, at ${twin} and ${record.offset}`);
    seen.set(record.value, record.offset);
  }
  if (stableOffset !== endOffset) say(`a transaction is still open: stable ${stableOffset}, end ${endOffset}`);
  if (place.topic === 'latest') return faults; // Compaction takes records away: checks/keys.ts.
  for (const { offset, value } of mine) {
    if (offset !== null && offset >= startOffset && byOffset.get(offset)?.value !== value)
      say(`the acknowledged ${value} is not at ${offset}`);
  }
  return faults;
}

function checkTransactions({ transactions }: Ledger, contents: readonly PlacedContent[]): string[] {
  const committed = new Set(
    contents.flatMap(({ records }) => records.filter((one) => one.isCommitted).map((one) => one.value)),
  );
  return transactions.flatMap((transaction) => {
    const lasting = transaction.writes.filter(({ topic }) => topic !== 'latest');
    const shown = lasting.filter(({ value }) => committed.has(value));
    if (transaction.fate === 'aborted' && shown.length > 0) return [`${transaction.id} was aborted and is shown`];
    if (transaction.fate === 'committed' && shown.length < lasting.length)
      return [`${transaction.id} was committed; ${shown.length} of its ${lasting.length} records are shown`];
    if (shown.length > 0 && shown.length < lasting.length)
      return [`${transaction.id} is shown in part: ${shown.length} of ${lasting.length} records`];
    return [];
  });
}

/** What became of a transaction whose commit was not answered: its records tell; null when it has none that last. */
export function wasCommitted({ fate, writes }: Transaction, contents: readonly PlacedContent[]): boolean | null {
  if (fate !== 'unknown') return fate === 'committed';
  const witness: Write | undefined = writes.find(({ topic }) => topic !== 'latest');
  if (witness === undefined) return null;
  return contents.some(({ records }) => records.some((one) => one.isCommitted && one.value === witness.value));
}

function checkStarts(ledger: Ledger, contents: readonly PlacedContent[]): string[] {
  return contents.flatMap(({ place, startOffset }) => {
    if (place.topic === 'rolling') return []; // Retention moves it without being asked.
    const { certain, possible } = ledger.start(place);
    const isRight = startOffset >= certain && startOffset <= (possible < 0n ? 0n : possible);
    return isRight ? [] : [`${placeName(place)} begins at ${startOffset}, not in [${certain}, ${possible}]`];
  });
}

function brief({ key, value }: ContentRecord): string {
  return `${key === null ? '' : `${key}=`}${value?.slice(0, 40)}`;
}
