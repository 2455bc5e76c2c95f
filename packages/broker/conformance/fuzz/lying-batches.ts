/** Record batches that are right in part: their checksum holds, and their header or their records say what is not so. */
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { batchHeaderBytes, RecordBatch } from '../../src/log/record-batch.ts';
import type { Random } from '../random.ts';
import { batchOf } from '../record-batches.ts';

/** Zeros in a thousandth of their size: what a reader that believes it has to hold. The last is beyond what the broker unpacks. */
const bombs = [4, 4, 4, 60, 300].map((mebibytes) => gzipSync(Buffer.alloc(mebibytes * 1024 * 1024)));
/** A snappy block and an lz4 frame that begin by claiming 2 GiB and 4 MiB, and a zstd frame that claims 2^63. */
const claims = ['ffffffff07', '04224d186c70000000400000000000', '28b52ffdc0ffffffffffffff7f'].map((hex) =>
  Buffer.from(hex, 'hex'),
);
const absurdInts = [-(2 ** 31), -1, 0, 1, 2, 1_000_000, 2 ** 31 - 2, 2 ** 31 - 1];
const absurdLongs = [-(2n ** 63n), -1n, 0n, 2n ** 53n, 2n ** 63n - 1n];

type Lie = (batch: Buffer, random: Random) => Buffer;

const lies: readonly Lie[] = [
  (batch) => batch, // The truth.
  int32At(57),
  int32At(23),
  function countAndDelta(batch, random) {
    const count = random.pick([0, 2, 1_000, 2 ** 31 - 1]);
    batch.writeInt32BE(count, 57);
    batch.writeInt32BE(count - 1, 23);
    return batch;
  },
  int64At(27),
  int64At(35),
  int64At(43),
  int32At(53),
  function identity(batch, random) {
    batch.writeBigInt64BE(BigInt(random.between(0, 5)), 43);
    batch.writeInt16BE(random.between(-1, 3), 51);
    batch.writeInt32BE(random.between(-1, 6), 53);
    return batch;
  },
  function attributes(batch, random) {
    batch.writeInt16BE(random.below(2 ** 15), 21);
    return batch;
  },
  function magic(batch, random) {
    batch.writeInt8(random.between(-1, 4), 16);
    return batch;
  },
  function length(batch, random) {
    batch.writeInt32BE(random.pick(absurdInts), 8);
    return batch;
  },
  function recordBytes(batch, random) {
    for (let flips = random.between(1, 6); flips > 0; flips -= 1)
      batch.writeUInt8(random.below(256), random.between(batchHeaderBytes, batch.length - 1));
    return batch;
  },
  function compressionOfNothing(batch, random) {
    batch.writeInt16BE(random.between(1, 7), 21);
    return batch;
  },
  (batch, random) => withPayload(batch, 1, random.pick(bombs)),
  (batch, random) => withPayload(batch, random.between(1, 4), Buffer.concat([random.pick(claims), random.bytes(40)])),
  (batch) => withPayload(batch, 1, gzipSync(batch.subarray(batchHeaderBytes)).subarray(0, -9)),
  (batch) => withPayload(batch, 4, brotliCompressSync(batch.subarray(batchHeaderBytes))),
];

export function lyingBatch(random: Random): Buffer {
  const key = random.chance(70) ? `key-${random.below(5)}` : null;
  const values = Array.from({ length: random.between(1, 4) }, () =>
    random.chance(20) ? null : 'v'.repeat(random.below(50)),
  );
  let batch = batchOf({ values, key, transactional: random.chance(10) });
  for (let told = random.between(1, 2); told > 0; told -= 1) batch = random.pick(lies)(batch, random);
  return random.chance(95) ? sealed(batch) : batch;
}

function int32At(position: number): Lie {
  return (batch, random) => {
    batch.writeInt32BE(random.pick(absurdInts), position);
    return batch;
  };
}

function int64At(position: number): Lie {
  return (batch, random) => {
    batch.writeBigInt64BE(random.pick(absurdLongs), position);
    return batch;
  };
}

function withPayload(batch: Buffer, compression: number, payload: Buffer): Buffer {
  const made = Buffer.concat([batch.subarray(0, batchHeaderBytes), payload]);
  made.writeInt32BE(made.length - 12, 8);
  made.writeInt16BE((made.readInt16BE(21) & ~7) | compression, 21);
  return made;
}

function sealed(batch: Buffer): Buffer {
  const said = batch.readInt32BE(8);
  batch.writeInt32BE(batch.length - 12, 8);
  new RecordBatch(batch).sealCrc();
  batch.writeInt32BE(said, 8);
  return batch;
}
