/** Creates topics, writes to them and deletes them again, under a few names that come back. */
import { setTimeout as pause } from 'node:timers/promises';
import { createTopics } from '../../../src/apis/19-create-topics.ts';
import { deleteTopics } from '../../../src/apis/20-delete-topics.ts';
import { ErrorCode } from '../../../src/wire/error-code.ts';
import type { RawClient } from '../../raw-client.ts';
import { batchOf } from '../../record-batches.ts';
import { fetchOne, produceBatch } from '../../requests.ts';
import { type Actor, overLives, type Stage } from '../stage.ts';

const nameCount = 4;

export const topicChurner: Actor = (stage) =>
  overLives(stage, async (client) => {
    do {
      const name = `temporary-${stage.random.below(nameCount)}`;
      if (stage.random.chance(50)) await create(client, name, stage);
      else await remove(client, name, stage);
      await pause(stage.random.between(5, 40));
    } while (!stage.ending.aborted);
  });

async function create(client: RawClient, name: string, { ledger, random }: Stage): Promise<void> {
  const known = ledger.topics.get(name) ?? 'absent';
  ledger.topics.set(name, 'unknown');
  const topic = { name, partitionCount: random.between(1, 3), replicationFactor: 1, assignments: [], configs: [] };
  const answer = await client.call(createTopics, 5, { topics: [topic], timeoutMs: 5_000, validateOnly: false });
  const errorCode = answer.topics[0]?.errorCode;
  ledger.topics.set(name, 'exists');
  if (known !== 'absent' && errorCode === ErrorCode.topicAlreadyExists) return;
  if (known === 'exists' || errorCode !== ErrorCode.none)
    throw new Error(`creating ${name}, which was ${known}, was answered with ${errorCode}`);
  const { highWatermark } = await fetchOne(client, name);
  if (highWatermark !== 0n) throw new Error(`${name} is new and begins with ${highWatermark} records`);
  await produceBatch(client, name, batchOf({ values: [name] }));
}

async function remove(client: RawClient, name: string, { ledger }: Stage): Promise<void> {
  const known = ledger.topics.get(name) ?? 'absent';
  ledger.topics.set(name, 'unknown');
  const answer = await client.call(deleteTopics, 4, { names: [name], timeoutMs: 5_000 });
  const errorCode = answer.topics[0]?.errorCode;
  ledger.topics.set(name, 'absent');
  if (known !== 'exists' && errorCode === ErrorCode.unknownTopicOrPartition) return;
  if (known === 'absent' || errorCode !== ErrorCode.none)
    throw new Error(`deleting ${name}, which was ${known}, was answered with ${errorCode}`);
}
