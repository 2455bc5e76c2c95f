/**
 * Throws frames at a broker that is a process of its own, and reports how it stood it: whether it answers, what it said, how
 * much memory it took, and whether it stops and opens its data again.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTopics } from '../../src/apis/19-create-topics.ts';
import { BrokerProcess } from '../broker-process.ts';
import { Random } from '../random.ts';
import { RawClient } from '../raw-client.ts';
import { Crowd } from './crowd.ts';
import { randomFrame } from './frames.ts';
import { fuzzTopics } from './words.ts';

export interface FuzzOutcome {
  readonly frames: number;
  readonly connections: number;
  /** What was wrong; nothing when all was right. */
  readonly faults: readonly string[];
  /** The most that the broker held; undefined where the system does not tell. */
  readonly peakResidentBytes: number | undefined;
}

/** Node itself takes 60 MB; batches of which each may be unpacked to 64 MiB, and what was unpacked and not collected yet, the rest. */
export const maxResidentBytes = 384 * 1024 * 1024;

const maxRequestBytes = 1024 * 1024;
const flags = [
  `socket.request.max.bytes=${maxRequestBytes}`,
  'log.cleaner.backoff.ms=50',
  'log.retention.check.interval.ms=100',
].flatMap((setting) => ['--set', setting]);

/** After so many frames the broker must answer a client that behaves. */
const probeEvery = 20;
/** Connections that begin a request and never end it, and such as ask and never read; all stay open to the end. */
const hangingCount = 100;
const deafCount = 5;

export async function fuzzRun(frames: number, seed: number): Promise<FuzzOutcome> {
  const dataDir = await mkdtemp(join(tmpdir(), `millrace-fuzz-${seed}-`));
  const random = new Random(seed);
  const faults: string[] = [];
  let broker = await BrokerProcess.start(dataDir, 0, flags);
  const crowd = new Crowd(broker.port, maxRequestBytes);
  let peakResidentBytes: number | undefined;
  try {
    const behaved = await RawClient.connect(broker.broker);
    await makeTopics(behaved);
    for (let i = 0; i < hangingCount; i += 1) crowd.hang(random);
    for (let i = 0; i < deafCount; i += 1) crowd.deafen();
    for (let i = 1; i <= frames; i += 1) {
      crowd.send(randomFrame(random), random);
      if (i % probeEvery === 0 || i === frames) await makeTopics(behaved);
    }
    peakResidentBytes = broker.peakResidentBytes();
    behaved.close();
    const exitCode = await broker.kill('SIGTERM');
    if (exitCode !== 0) faults.push(`it was told to stop, and ended with ${exitCode}`);
    faults.push(...errorsOf(broker));
    crowd.leave();
    broker = await BrokerProcess.start(dataDir, 0, flags);
    faults.push(...errorsOf(broker));
  } catch (error) {
    faults.push(error instanceof Error ? String(error.stack) : String(error), ...broker.said.slice(-10));
  } finally {
    crowd.leave();
    await broker.kill();
  }
  if (peakResidentBytes !== undefined && peakResidentBytes > maxResidentBytes)
    faults.push(`it held ${peakResidentBytes} bytes of memory, where ${maxResidentBytes} are the bound`);
  if (faults.length === 0) await rm(dataDir, { recursive: true, force: true });
  else faults.push(`the data is in ${dataDir}`);
  return { frames, connections: crowd.connectionCount, faults, peakResidentBytes };
}

function errorsOf({ said }: BrokerProcess): string[] {
  return said.filter((line) => line.startsWith('error: ')).map((line) => `it said: ${line}`);
}

/** Makes those that there should be and are not, because a frame has deleted them; it is also the probe that it answers. */
async function makeTopics(client: RawClient): Promise<void> {
  const topics = fuzzTopics.map(({ name, configs }) => ({
    name,
    partitionCount: 2,
    replicationFactor: 1,
    assignments: [],
    configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
  }));
  await client.call(createTopics, 5, { topics, timeoutMs: 5_000, validateOnly: false });
}
