/** Frames for a broker that must survive them: requests that are right, that were, and that never could be. */
import type { TypedApi } from '../../src/apis/api.ts';
import { servedApis } from '../../src/apis/served.ts';
import { writeRequestHeader } from '../../src/wire/header.ts';
import { MalformedMessage } from '../../src/wire/malformed.ts';
import { Writer } from '../../src/wire/writer.ts';
import type { Random } from '../random.ts';
import { framedRequest, purposefulRequest } from './purposeful.ts';
import { RandomReader } from './random-reader.ts';

/** How often a value is drawn until it is one of the schema's: an absurd length is not. */
const maxDraws = 20;

export function randomFrame(random: Random): Buffer {
  const kind = random.below(100);
  if (kind < 30) return purposefulRequest(random);
  if (kind < 55) return request(random);
  if (kind < 65) return mutated(purposefulRequest(random), random);
  if (kind < 83) return mutated(request(random), random);
  if (kind < 87) return framed(random.bytes(random.below(300)));
  if (kind < 94) return hugeCount(random);
  return Buffer.concat([mutated(request(random), random), request(random).subarray(0, random.below(100))]);
}

/** A request with a value of its schema, of any API and version. */
function request(random: Random): Buffer {
  // Each API is made by defineApi, which keeps its schemas; the list hides their types.
  const api = random.pick(servedApis) as TypedApi<unknown, unknown>;
  const version = random.between(api.first, api.last);
  return framedRequest(api, version, drawn(api, version, random));
}

function drawn(api: TypedApi<unknown, unknown>, version: number, random: Random): unknown {
  for (let draws = maxDraws; draws > 0; draws -= 1) {
    try {
      return api.codecs(version).request.read(new RandomReader(random));
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error;
    }
  }
  return api.request.empty;
}

const mutations: readonly ((frame: Buffer, random: Random) => Buffer)[] = [
  function flip(frame, random) {
    for (let flips = random.between(1, 8); flips > 0; flips -= 1) {
      const at = random.between(4, frame.length - 1);
      frame.writeUInt8(frame.readUInt8(at) ^ (1 << random.below(8)), at);
    }
    return frame;
  },
  (frame, random) => framed(frame.subarray(4, 4 + random.below(frame.length - 4))), // Cut off, and the length says so.
  (frame, random) => frame.subarray(0, random.below(frame.length)), // Cut off, and the rest never comes.
  function lyingLength(frame, random) {
    frame.writeInt32BE(random.pick([-1, 0, 3, frame.length, frame.length * 2, 2 ** 31 - 1, -(2 ** 31)]), 0);
    return frame;
  },
  function splice(frame, random) {
    const [from, to] = [random.below(frame.length), random.below(frame.length)];
    return framed(Buffer.concat([frame.subarray(4, Math.max(4, from)), frame.subarray(to)]));
  },
  function overwrite(frame, random) {
    const at = random.between(4, frame.length - 1);
    random.pick([Buffer.from('7fffffff', 'hex'), Buffer.from('ffffffff', 'hex'), random.bytes(4)]).copy(frame, at);
    return frame;
  },
  (frame, random) => framed(Buffer.concat([frame.subarray(4), random.bytes(random.below(100))])),
];

function mutated(frame: Buffer, random: Random): Buffer {
  return frame.length < 6 ? frame : random.pick(mutations)(Buffer.from(frame), random);
}

/** A header, and then nothing but numbers that claim more than there is. */
function hugeCount(random: Random): Buffer {
  const api = random.pick(servedApis);
  const version = random.between(api.first, api.last);
  const writer = new Writer();
  const { flexible } = api.codecs(version);
  writeRequestHeader(writer, { apiKey: api.key, apiVersion: version, correlationId: 1 }, 'fuzz', flexible);
  for (let count = random.between(1, 6); count > 0; count -= 1) {
    if (flexible) writer.unsignedVarint(random.pick([2 ** 32 - 1, 2 ** 31, 100_000, 1, 0]));
    else writer.int32(random.pick([2 ** 31 - 1, 100_000, 1, 0, -1]));
  }
  return Buffer.concat([...writer.frame()]);
}

function framed(body: Buffer): Buffer {
  const frame = Buffer.concat([Buffer.alloc(4), body]);
  frame.writeInt32BE(body.length, 0);
  return frame;
}
