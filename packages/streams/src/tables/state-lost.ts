import { changelogMark } from '../consumer/commit-note.ts';
import { partitionId } from '../transport/record.ts';

/** Changelogs that are to hold an app's state have nothing of it. Going on would begin it empty in silence; waiting does not help, a person does. */
export class StateLost extends Error {
  override readonly name = 'StateLost';
}

/**
 * What the group's commits say is kept must be there. `state`: the marks of their notes; `unmarked`: the changelogs that hold no flush.
 * @throws StateLost with the ways out, which work when obeyed
 */
export function checkState(
  tables: readonly { readonly id: string; readonly changelog: string }[],
  partition: number,
  state: readonly string[],
  unmarked: readonly string[],
): void {
  const lost = tables.filter(
    ({ changelog }) => unmarked.includes(changelog) && state.includes(changelogMark(changelog)),
  );
  if (lost.length === 0) return;
  const names = lost.map(({ id }) => id).join(', ');
  const where = lost.map(({ changelog }) => partitionId(changelog, partition)).join(', ');
  const [is, has, them] = lost.length === 1 ? ['is', 'has', 'it'] : ['are', 'have', 'them'];
  throw new StateLost(
    `${where}, where ${names} ${is} kept, ${has} nothing of ${them} any more: was the topic deleted, or emptied? Delete the app's group in Kafka, too, to count anew from the first records that its sources still have; or give ${names} another name in the document, to begin empty from here on.`,
  );
}
