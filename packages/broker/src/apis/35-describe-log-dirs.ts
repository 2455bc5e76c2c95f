/**
 * DescribeLogDirs (35), 1–4: how much room partitions take. Flexible from 2. Null topics mean all. There is one folder, which is called
 * `data` whatever its path. 3: an error for the whole. 4: the room on the disk, which is not told (-1).
 */
import { ErrorCode } from '../wire/error-code.ts';
import { array, boolean, int16, int32, int64, nullableArray, since, string, struct } from '../wire/schema.ts';
import { defineApi } from './api.ts';

export const describeLogDirs = defineApi({
  key: 35,
  name: 'DescribeLogDirs',
  first: 1,
  last: 4,
  flexibleFrom: 2,
  request: struct({ topics: nullableArray(struct({ name: string, partitions: array(int32) })) }),
  response: struct({
    throttleTimeMs: int32,
    errorCode: since(3, int16),
    folders: array(
      struct({
        errorCode: int16,
        path: string,
        topics: array(
          struct({
            name: string,
            partitions: array(struct({ index: int32, sizeBytes: int64, offsetLag: int64, isFuture: boolean })),
          }),
        ),
        totalBytes: since(4, int64),
        usableBytes: since(4, int64),
      }),
    ),
  }),
  handle({ topics: wanted }, { broker }) {
    const all = broker.topics.all().map(({ name, partitions }) => ({ name, partitions: [...partitions.keys()] }));
    const topics = (wanted ?? all).map(({ name, partitions }) => ({
      name,
      partitions: partitions.flatMap((index) => {
        const log = broker.topics.get(name)?.partitions[index];
        return log === undefined ? [] : [{ index, sizeBytes: BigInt(log.sizeBytes), offsetLag: 0n, isFuture: false }];
      }),
    }));
    const held = topics.filter(({ partitions }) => partitions.length > 0);
    const folder = { errorCode: ErrorCode.none, path: 'data', topics: held, totalBytes: -1n, usableBytes: -1n };
    return { throttleTimeMs: 0, errorCode: ErrorCode.none, folders: [folder] };
  },
});
