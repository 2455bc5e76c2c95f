/**
 * Fetch (1), 4–13: record batches from given offsets on. Flexible from 12.
 *
 * Waits until `minBytes` are there, `maxWaitMs` are over or a partition has an error, and not at all when it names no partition. The first batch of an answer is
 * sent even if it exceeds the limits, so that a reader always gets on. 4: isolation; read_committed stops at
 * the last stable offset and is told the aborted transactions. 5: log start offset. 7: fetch sessions, which are declined
 * by answering session id 0. 9: the leader epoch that the reader knows. 11: rack. 12: last fetched epoch. 13: topics by their
 * ids, so that one that was made anew under its name is another.
 */
import type { Isolation, PartitionLog } from '../log/partition-log.ts';
import { leaderEpoch } from '../log/partition-log.ts';
import type { Topic } from '../topics/topic.ts';
import { ErrorCode, KafkaError } from '../wire/error-code.ts';
import {
  array,
  byteChunks,
  int8,
  int16,
  int32,
  int64,
  nullableArray,
  since,
  string,
  struct,
  until,
  uuid,
  type ValueOf,
} from '../wire/schema.ts';
import { defineApi, type RequestContext } from './api.ts';

const partitionRequest = struct({
  index: int32,
  currentLeaderEpoch: since(9, int32, -1),
  fetchOffset: int64,
  lastFetchedEpoch: since(12, int32, -1),
  logStartOffset: since(5, int64, -1n),
  maxBytes: int32,
});

const partitionResponse = struct({
  index: int32,
  errorCode: int16,
  highWatermark: int64,
  lastStableOffset: int64,
  logStartOffset: since(5, int64),
  abortedTransactions: nullableArray(struct({ producerId: int64, firstOffset: int64 })),
  preferredReadReplica: since(11, int32),
  records: byteChunks,
});

const request = struct({
  replicaId: int32,
  maxWaitMs: int32,
  minBytes: int32,
  maxBytes: int32,
  isolationLevel: int8,
  sessionId: since(7, int32),
  sessionEpoch: since(7, int32, -1),
  topics: array(struct({ name: until(12, string), id: since(13, uuid), partitions: array(partitionRequest) })),
  forgottenTopics: since(7, array(struct({ name: until(12, string), id: since(13, uuid), partitions: array(int32) }))),
  rackId: since(11, string),
});

type PartitionRequest = ValueOf<typeof partitionRequest>;
type PartitionResponse = ValueOf<typeof partitionResponse>;
type FetchRequest = ValueOf<typeof request>;

export const fetch = defineApi({
  key: 1,
  name: 'Fetch',
  first: 4,
  last: 13,
  flexibleFrom: 12,
  request,
  response: struct({
    throttleTimeMs: int32,
    errorCode: since(7, int16),
    sessionId: since(7, int32),
    topics: array(struct({ name: until(12, string), id: since(13, uuid), partitions: array(partitionResponse) })),
  }),
  async handle(fetchRequest, context) {
    const growth = watchGrowth(fetchRequest, context);
    try {
      let gathered = await gather(fetchRequest, context);
      const missingBytes = fetchRequest.minBytes - gathered.sizeBytes;
      // Nothing can come of no partitions: Java's consumer asks for none as it closes.
      const mayWait =
        missingBytes > 0 && !gathered.hasError && fetchRequest.maxWaitMs > 0 && fetchRequest.topics.length > 0;
      if (mayWait && (await growth.of(missingBytes))) gathered = await gather(fetchRequest, context);
      return { throttleTimeMs: 0, errorCode: ErrorCode.none, sessionId: 0, topics: gathered.topics };
    } finally {
      growth.end();
    }
  },
});

type TopicRequest = FetchRequest['topics'][number];

function topicOf({ name, id }: TopicRequest, { broker, version }: RequestContext): Topic | undefined {
  return version < 13 ? broker.topics.get(name) : broker.topics.getById(id);
}

async function gather({ topics, maxBytes, isolationLevel }: FetchRequest, context: RequestContext) {
  const isolation: Isolation = isolationLevel === 1 ? 'read-committed' : 'read-uncommitted';
  let sizeBytes = 0;
  let hasError = false;
  const answers: { name: string; id: string; partitions: PartitionResponse[] }[] = [];
  for (const asked of topics) {
    const answer: PartitionResponse[] = [];
    for (const partition of asked.partitions) {
      try {
        const log = logOf(asked, partition.index, context);
        checkEpoch(partition.currentLeaderEpoch);
        const budgetBytes = Math.max(0, Math.min(partition.maxBytes, maxBytes - sizeBytes));
        const read = await readPartition(log, partition, budgetBytes, isolation, sizeBytes === 0);
        sizeBytes += read.records.reduce((sum, chunk) => sum + chunk.length, 0);
        answer.push(read);
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        hasError = true;
        answer.push(refused(partition.index, error.code));
      }
    }
    answers.push({ name: asked.name, id: asked.id, partitions: answer });
  }
  return { topics: answers, sizeBytes, hasError };
}

/** Throws UNKNOWN_TOPIC_ID or UNKNOWN_TOPIC_OR_PARTITION. */
function logOf(asked: TopicRequest, index: number, context: RequestContext): PartitionLog {
  const topic = topicOf(asked, context);
  if (topic === undefined && context.version >= 13) throw new KafkaError(ErrorCode.unknownTopicId, 'no such topic');
  const log = topic?.partitions[index];
  if (log === undefined) throw new KafkaError(ErrorCode.unknownTopicOrPartition, 'no such partition');
  return log;
}

async function readPartition(
  log: PartitionLog,
  { index, fetchOffset }: PartitionRequest,
  maxBytes: number,
  isolation: Isolation,
  alwaysOne: boolean,
): Promise<PartitionResponse> {
  const { endOffset, stableOffset } = log;
  const bytes = maxBytes === 0 && !alwaysOne ? empty : await log.read(fetchOffset, maxBytes, isolation, alwaysOne);
  const aborted = isolation === 'read-committed' ? log.abortedWithin(fetchOffset, stableOffset) : null;
  return {
    index,
    errorCode: ErrorCode.none,
    highWatermark: endOffset,
    lastStableOffset: stableOffset,
    logStartOffset: log.startOffset,
    abortedTransactions: aborted?.map(({ producerId, firstOffset }) => ({ producerId, firstOffset })) ?? null,
    preferredReadReplica: -1,
    records: bytes.length === 0 ? [] : [bytes],
  };
}

const empty = Buffer.alloc(0);

/** Throws UNKNOWN_LEADER_EPOCH for an epoch that is yet to come. */
export function checkEpoch(currentLeaderEpoch: number): void {
  if (currentLeaderEpoch > leaderEpoch) throw new KafkaError(ErrorCode.unknownLeaderEpoch, 'the epoch is to come');
}

function refused(index: number, errorCode: ErrorCode): PartitionResponse {
  return {
    index,
    errorCode,
    highWatermark: -1n,
    lastStableOffset: -1n,
    logStartOffset: -1n,
    abortedTransactions: null,
    preferredReadReplica: -1,
    records: [],
  };
}

/**
 * Counts, from now on, what becomes readable in the partitions, so that nothing that comes while they are being read is
 * missed. `of` waits until that is `missingBytes`, or a transaction's end lets more be read; false when the request's
 * time is over. For read_committed, what an open transaction holds back does not count.
 */
function watchGrowth({ topics, maxWaitMs, isolationLevel }: FetchRequest, context: RequestContext) {
  const { broker, signal } = context;
  let grownBytes = 0;
  let onGrowth = () => {};
  const ends: (() => void)[] = [];
  for (const asked of topics) {
    const logs = topicOf(asked, context)?.partitions ?? [];
    for (const { index } of asked.partitions) {
      const log = logs[index];
      if (log === undefined) continue;
      const note = (addedBytes: number) => {
        if (addedBytes > 0 && isolationLevel === 1 && log.stableOffset < log.endOffset) return;
        grownBytes += addedBytes === 0 ? Number.POSITIVE_INFINITY : addedBytes;
        onGrowth();
      };
      ends.push(log.onAppend(note));
    }
  }
  return {
    of: (missingBytes: number) =>
      new Promise<boolean>((resolve) => {
        if (signal.aborted) return resolve(false);
        onGrowth = () => {
          if (grownBytes >= missingBytes) resolve(true);
        };
        onGrowth();
        const giveUp = () => resolve(false);
        ends.push(broker.clock.after(maxWaitMs, giveUp));
        signal.addEventListener('abort', giveUp);
        ends.push(() => signal.removeEventListener('abort', giveUp));
      }),
    end() {
      for (const end of ends) end();
    },
  };
}
