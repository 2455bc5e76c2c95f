/**
 * Produce (0), 0–9: appends one record batch a partition. Flexible from 9.
 *
 * Versions 0 to 2 carried message sets, which are gone: they are advertised (with a minimum of 3, librdkafka before 2.8
 * would silently stop compressing, KAFKA-18659) and each partition is answered with UNSUPPORTED_VERSION, as Apache Kafka 4 does.
 * acks 0 has no answer; 1 and -1 (all) are answered when the batch has reached the operating system.
 * 1: throttle time. 2: append time. 3: transactional id. 5: log start offset. 8: error message and per-record errors.
 */
import { parseProducedBatch, type RecordBatch } from '../log/record-batch.ts';
import { keylessRecords } from '../log/records.ts';
import { ErrorCode, KafkaError } from '../wire/error-code.ts';
import { array, int16, int32, int64, nullableBytes, nullableString, since, string, struct } from '../wire/schema.ts';
import { defineApi, type RequestContext } from './api.ts';

export const produce = defineApi({
  key: 0,
  name: 'Produce',
  first: 0,
  last: 9,
  flexibleFrom: 9,
  request: struct({
    transactionalId: since(3, nullableString),
    acks: int16,
    timeoutMs: int32,
    topics: array(struct({ name: string, partitions: array(struct({ index: int32, records: nullableBytes })) })),
  }),
  response: struct({
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({
            index: int32,
            errorCode: int16,
            baseOffset: int64,
            appendTimeMs: since(2, int64),
            logStartOffset: since(5, int64),
            recordErrors: since(8, array(struct({ batchIndex: int32, message: nullableString }))),
            errorMessage: since(8, nullableString),
          }),
        ),
      }),
    ),
    throttleTimeMs: since(1, int32),
  }),
  async handle({ acks, topics, transactionalId }, context) {
    const fault =
      context.version < 3
        ? new KafkaError(ErrorCode.unsupportedVersion, 'message sets are not taken any more')
        : acks < -1 || acks > 1
          ? new KafkaError(ErrorCode.invalidRequiredAcks, `acks must be 0, 1 or -1, not ${acks}`)
          : null;
    const answers = await Promise.all(
      topics.map(async ({ name, partitions }) => ({
        name,
        partitions: await Promise.all(
          partitions.map(({ index, records }) =>
            fault === null
              ? append(name, index, records, transactionalId, context)
              : Promise.resolve(refused(index, fault)),
          ),
        ),
      })),
    );
    return acks === 0 ? null : { topics: answers, throttleTimeMs: 0 };
  },
});

async function append(
  topic: string,
  index: number,
  records: Buffer | null,
  transactionalId: string | null,
  { broker }: RequestContext,
) {
  try {
    const log = broker.topics.partition(topic, index);
    const batch = parseProducedBatch(records, log.config.maxMessageBytes);
    if (log.config.compacted) checkKeys(batch, `${topic}-${index}`);
    const admit = () => broker.transactions.checkWrite(transactionalId, batch, { topic, partition: index });
    const { baseOffset, appendTimeMs } = await log.append(batch, batch.isTransactional ? admit : undefined);
    return {
      index,
      errorCode: ErrorCode.none,
      baseOffset,
      appendTimeMs: BigInt(appendTimeMs),
      logStartOffset: log.startOffset,
      recordErrors: [],
      errorMessage: null,
    };
  } catch (error) {
    if (error instanceof KafkaError) return refused(index, error);
    throw error;
  }
}

/**
 * A compacted topic takes records with a key alone, and none of a batch in which one has no key. A batch whose compression
 * this Node can't undo is taken unseen.
 */
function checkKeys(batch: RecordBatch, partition: string): void {
  const message = `Compacted topic cannot accept message without key in topic partition ${partition}`;
  let keyless: number[] | undefined;
  try {
    keyless = keylessRecords(batch);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new KafkaError(ErrorCode.invalidRecord, `there are no ${batch.recordCount} records: ${error.message}`);
  }
  if (keyless === undefined || keyless.length === 0) return;
  throw new RefusedRecords(keyless.map((batchIndex) => ({ batchIndex, message })));
}

/** INVALID_RECORD, and which of the batch's records are to blame; its words are those of Kafka's LogValidator. */
class RefusedRecords extends KafkaError {
  readonly recordErrors: readonly RecordError[];

  constructor(recordErrors: readonly RecordError[]) {
    const shown = recordErrors
      .slice(0, 3)
      .map(({ batchIndex, message }) => `RecordError(batchIndex=${batchIndex}, message='${message}')`);
    super(
      ErrorCode.invalidRecord,
      `One or more records have been rejected due to ${recordErrors.length} record errors in total, ` +
        `and only showing the first three errors at most: [${shown.join(', ')}]`,
    );
    this.recordErrors = recordErrors;
  }
}

interface RecordError {
  readonly batchIndex: number;
  readonly message: string;
}

function refused(index: number, error: KafkaError) {
  return {
    index,
    errorCode: error.code,
    baseOffset: -1n,
    appendTimeMs: -1n,
    logStartOffset: -1n,
    recordErrors: error instanceof RefusedRecords ? [...error.recordErrors] : [],
    errorMessage: error.message,
  };
}
