/** Committed offsets never go back, and those of a transaction are there if and only if its records are. */
import type { RawClient } from '../../raw-client.ts';
import { readersGroup } from '../actors/group-members.ts';
import { orderOf, pipelineGroup } from '../actors/pipeline.ts';
import { committedOffset } from '../committed-offset.ts';
import type { Ledger } from '../ledger.ts';
import { type PlacedContent, wasCommitted } from './records.ts';

/** To be called at any time: commits that go on meanwhile only raise what is found. */
export async function checkCommits(client: RawClient, ledger: Ledger): Promise<string[]> {
  const faults: string[] = [];
  for (const [name, bounds] of ledger.commits) {
    const { certain } = bounds;
    const [group = '', topic = '', partition = ''] = name.split(' ');
    const found = await committedOffset(client, group, { topic, partition: Number(partition) });
    if (found < certain) faults.push(`${name}: ${certain} was committed, and ${found} is`);
    // KafkaJS also commits beyond what it handed out: over markers and aborted records.
    if (group !== readersGroup && found > bounds.possible)
      faults.push(`${name}: ${found} is committed, at most ${bounds.possible} was asked for`);
  }
  return faults;
}

/** Once no transaction is open: each group is exactly where its last committed transaction has left it. */
export async function checkTransactionalOffsets(
  client: RawClient,
  { transactions }: Ledger,
  contents: readonly PlacedContent[],
): Promise<string[]> {
  const expected = new Map<string, { certain: bigint; possible: bigint }>();
  for (const transaction of transactions) {
    const fate = wasCommitted(transaction, contents);
    for (const { group, topic, partition, offset } of transaction.offsets) {
      const name = `${group} ${topic} ${partition}`;
      const bounds = expected.get(name) ?? { certain: -1n, possible: -1n };
      expected.set(name, bounds);
      if (fate !== false) bounds.possible = offset;
      if (fate === true) bounds.certain = offset;
    }
  }
  const faults: string[] = [];
  for (const [name, { certain, possible }] of expected) {
    const [group = '', topic = '', partition = ''] = name.split(' ');
    const found = await committedOffset(client, group, { topic, partition: Number(partition) });
    if (found !== certain && found !== possible)
      faults.push(`${name}: transactions have left ${certain} or ${possible}, and ${found} is committed`);
  }
  return faults;
}

/** Every order before the pipeline's position was shipped once, and none after it. */
export async function checkShipments(client: RawClient, contents: readonly PlacedContent[]): Promise<string[]> {
  const faults: string[] = [];
  for (const orders of contents.filter(({ place }) => place.topic === 'orders')) {
    const { partition } = orders.place;
    const position = await committedOffset(client, pipelineGroup, orders.place);
    const due = orders.records.filter(({ offset }) => offset < position).map(({ value }) => value);
    const shipped = contents
      .filter(({ place }) => place.topic === 'shipped' && place.partition === partition)
      .flatMap(({ records }) => records.filter((one) => one.isCommitted).map(({ value }) => orderOf(value ?? '')));
    if (shipped.length !== due.length || shipped.some((order, i) => order !== due[i]))
      faults.push(`orders ${partition}: ${due.length} were due up to ${position}, and ${shipped.length} are shipped`);
  }
  return faults;
}
