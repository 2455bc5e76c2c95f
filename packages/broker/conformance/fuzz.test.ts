import { expect, test } from 'vitest';
import { apiVersions } from '../src/apis/18-api-versions.ts';
import type { TypedApi } from '../src/apis/api.ts';
import { servedApis } from '../src/apis/served.ts';
import { MemoryDisk, startBroker } from '../src/index.ts';
import { writeRequestHeader } from '../src/wire/header.ts';
import { Writer } from '../src/wire/writer.ts';
import { RawClient } from './raw-client.ts';

const frames = Number(process.env['FUZZ_FRAMES'] ?? 500);
const seed = Number(process.env['FUZZ_SEED'] ?? 20_240_601);

/** mulberry32: the same seed gives the same frames. */
function generator(from: number): (below: number) => number {
  let state = from;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** A request that is right but for some bytes, or its end, or its length. */
function malformed(random: (below: number) => number): Buffer {
  const api = servedApis[random(servedApis.length)] as TypedApi<unknown, unknown>; // in range; made by defineApi
  const version = api.first + random(api.last - api.first + 1);
  const { flexible, request } = api.codecs(version);
  const writer = new Writer();
  writeRequestHeader(writer, { apiKey: api.key, apiVersion: version, correlationId: 1 }, 'fuzz', flexible);
  request.write(writer, api.request.empty);
  const padding = Buffer.from(Array.from({ length: random(200) }, () => random(256)));
  const frame = Buffer.concat([...writer.frame(), padding]);
  frame.writeInt32BE(frame.length - 4, 0);
  for (let flips = random(8); flips > 0; flips -= 1) frame.writeUInt8(random(256), 12 + random(frame.length - 12));
  if (random(10) === 0) frame.writeInt32BE(random(2 ** 32) | 0, 0);
  return random(5) === 0 ? frame.subarray(0, random(frame.length)) : frame;
}

test(`${frames} malformed frames (seed ${seed}) neither end the broker nor fill its memory`, async () => {
  const failures: string[] = [];
  const log = (level: string, message: string) => void (level === 'error' && failures.push(message));
  const broker = await startBroker({ port: 0, disk: new MemoryDisk(), log, maxRequestBytes: 1024 * 1024 });
  const random = generator(seed);
  const versions = apiVersions(() => []);
  const wellBehaved = await RawClient.connect(`127.0.0.1:${broker.port}`);
  for (let i = 0; i < frames; i += 1) {
    const client = await RawClient.connect(`127.0.0.1:${broker.port}`);
    client.bytes(malformed(random));
    expect((await wellBehaved.call(versions, 0, versions.request.empty)).errorCode).toBe(0);
    client.close();
  }
  wellBehaved.close();
  await broker.stop();
  expect(failures).toEqual([]);
}, 300_000);
