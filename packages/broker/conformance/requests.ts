/** Short forms of the requests that most cases send. */
import { produce } from '../src/apis/00-produce.ts';
import { fetch } from '../src/apis/01-fetch.ts';
import { RecordBatch, wholeBatchAt } from '../src/log/record-batch.ts';
import { decodeRecords } from '../src/log/records.ts';
import { uuid } from '../src/wire/schema.ts';
import type { RawClient } from './raw-client.ts';

export async function produceBatch(
  client: RawClient,
  topic: string,
  records: Buffer,
  options: { partition?: number; version?: number; acks?: number; transactionalId?: string } = {},
) {
  const { partition = 0, version = 7, acks = -1, transactionalId = null } = options;
  const topics = [{ name: topic, partitions: [{ index: partition, records }] }];
  const answer = await client.call(produce, version, { transactionalId, acks, timeoutMs: 5_000, topics });
  const [result] = answer.topics[0]?.partitions ?? [];
  if (result === undefined) throw new Error('the answer names no partition');
  return result;
}

export interface FetchOptions {
  readonly partition?: number;
  readonly offset?: bigint;
  readonly version?: number;
  readonly maxWaitMs?: number;
  readonly minBytes?: number;
  readonly maxBytes?: number;
  readonly partitionMaxBytes?: number;
  readonly committed?: boolean;
  /** By this id instead of the name, from version 13 on. */
  readonly topicId?: string;
}

export function fetchRequest(topic: string, options: FetchOptions = {}) {
  const {
    partition: index = 0,
    offset = 0n,
    maxWaitMs = 0,
    minBytes = 1,
    maxBytes = 1_000_000,
    committed = false,
    topicId: id = uuid.empty,
  } = options;
  const partition = {
    index,
    currentLeaderEpoch: -1,
    fetchOffset: offset,
    lastFetchedEpoch: -1,
    logStartOffset: -1n,
    maxBytes: options.partitionMaxBytes ?? maxBytes,
  };
  return {
    ...fetch.request.empty,
    replicaId: -1,
    maxWaitMs,
    minBytes,
    maxBytes,
    isolationLevel: committed ? 1 : 0,
    topics: [{ name: topic, id, partitions: [partition] }],
  };
}

export async function fetchOne(client: RawClient, topic: string, options: FetchOptions = {}) {
  const answer = await client.call(fetch, options.version ?? 11, fetchRequest(topic, options));
  const [result] = answer.topics[0]?.partitions ?? [];
  if (result === undefined) throw new Error('the answer names no partition');
  const bytes = Buffer.concat(result.records);
  const batches: RecordBatch[] = [];
  for (let at = 0; wholeBatchAt(bytes, at); at += new RecordBatch(bytes, at).sizeBytes)
    batches.push(new RecordBatch(bytes, at));
  const values = batches
    .flatMap((batch) => (batch.isControl ? [] : (decodeRecords(batch) ?? [])))
    .map(({ value }) => String(value));
  return { ...result, bytes, batches, values };
}
