/** Requests that get far: records that lie, to topics that are there, and questions about them. */
import { produce } from '../../src/apis/00-produce.ts';
import { fetch } from '../../src/apis/01-fetch.ts';
import { listOffsets } from '../../src/apis/02-list-offsets.ts';
import { deleteRecords } from '../../src/apis/21-delete-records.ts';
import type { TypedApi } from '../../src/apis/api.ts';
import { writeRequestHeader } from '../../src/wire/header.ts';
import { Writer } from '../../src/wire/writer.ts';
import type { Random } from '../random.ts';
import { fetchRequest } from '../requests.ts';
import { lyingBatch } from './lying-batches.ts';
import { fuzzTopics } from './words.ts';

export function purposefulRequest(random: Random): Buffer {
  const { name } = random.pick(fuzzTopics);
  const index = random.below(2);
  const kind = random.below(100);
  if (kind < 70) {
    const partitions = Array.from({ length: random.between(1, 3) }, () => ({ index, records: lyingBatch(random) }));
    const acks = random.pick([-1, 1, 0]);
    const transactionalId = random.chance(10) ? 'transactional' : null;
    return framedRequest(produce, random.between(3, 9), {
      transactionalId,
      acks,
      timeoutMs: 1_000,
      topics: [{ name, partitions }],
    });
  }
  if (kind < 80) {
    const offset = BigInt(random.pick([0, 1, random.below(200), 2 ** 31]));
    const committed = random.chance(50);
    const maxWaitMs = random.below(20);
    const maxBytes = random.pick([0, 1, 1_000, 2 ** 31 - 1]);
    return framedRequest(
      fetch,
      random.between(4, 12),
      fetchRequest(name, { partition: index, offset, committed, maxWaitMs, maxBytes }),
    );
  }
  if (kind < 98) {
    const timestampMs = random.pick([-3n, -2n, 0n, 1n, BigInt(Date.now() - 60_000), 2n ** 53n, 2n ** 63n - 1n]);
    const partitions = [{ index, currentLeaderEpoch: -1, timestampMs }];
    return framedRequest(listOffsets, random.between(1, 7), {
      ...listOffsets.request.empty,
      topics: [{ name, partitions }],
    });
  }
  const partitions = [{ index, offset: BigInt(random.between(-1, 300)) }];
  return framedRequest(deleteRecords, random.between(0, 2), { topics: [{ name, partitions }], timeoutMs: 1_000 });
}

export function framedRequest<Req>(api: TypedApi<Req, unknown>, version: number, value: Req): Buffer {
  const writer = new Writer();
  const { flexible, request } = api.codecs(version);
  writeRequestHeader(writer, { apiKey: api.key, apiVersion: version, correlationId: 1 }, 'fuzz', flexible);
  request.write(writer, value);
  return Buffer.concat(writer.frame());
}
