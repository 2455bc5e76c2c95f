import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { events } from './events.ts';

export const hasKcat = spawnSync('kcat', ['-V'], { stdio: 'ignore' }).error === undefined;

/** A reader that got nothing for so long has read all there is. */
const patienceMs = 15_000;

/** Lines of a block; what is written are whole blocks. */
export const blockLines = 10_000;

/** Events of 100 bytes, a line each. */
export function blockOfLines(): Buffer {
  return Buffer.concat([...events(0, blockLines)].flatMap(({ value }) => [value, Buffer.from('\n')]));
}

/** Writes every line of a file to the topic. `batchRecords` fills each batch with so many, however fast the broker answers. */
export async function produceFile(brokers: string, topic: string, path: string, batchRecords?: number): Promise<void> {
  const file = openSync(path, 'r');
  const batches =
    batchRecords === undefined ? [] : ['-X', `batch.num.messages=${batchRecords}`, '-X', 'linger.ms=1000'];
  try {
    await ended(
      spawn('kcat', ['-P', '-b', brokers, '-t', topic, ...batches], { stdio: [file, 'ignore', 'inherit'] }),
      'kcat -P',
    );
  } finally {
    closeSync(file);
  }
}

/** Writes the blocks as they come. */
export async function produceBlocks(brokers: string, topic: string, blocks: AsyncIterable<Buffer>): Promise<void> {
  const child = spawn('kcat', ['-P', '-b', brokers, '-t', topic], { stdio: ['pipe', 'ignore', 'inherit'] });
  await Promise.all([pipeline(Readable.from(blocks, { objectMode: false }), child.stdin), ended(child, 'kcat -P')]);
}

/** Reads the topic from its beginning to its end, and throws the lines away. */
export async function consumeAll(brokers: string, topic: string): Promise<void> {
  const args = ['-C', '-b', brokers, '-t', topic, '-o', 'beginning', '-e', '-q'];
  await ended(spawn('kcat', args, { stdio: ['ignore', 'ignore', 'inherit'] }), 'kcat -C');
}

/**
 * Reads so many lines of the topic, fewer if none comes for `patienceMs`; answers their bytes. `onRead` is told of
 * each piece.
 */
export async function consumeLines(
  brokers: string,
  topic: string,
  count: number,
  onRead: (pieceBytes: number) => void = () => {},
): Promise<number> {
  const args = ['-C', '-b', brokers, '-t', topic, '-o', 'beginning', '-q', '-c', String(count)];
  const child = spawn('kcat', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let readBytes = 0;
  const impatience = setTimeout(() => child.kill(), patienceMs);
  child.stdout.on('data', (chunk: Buffer) => {
    readBytes += chunk.length;
    onRead(chunk.length);
    impatience.refresh();
  });
  await once(child, 'close');
  clearTimeout(impatience);
  return readBytes;
}

async function ended(child: ReturnType<typeof spawn>, name: string): Promise<void> {
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${name} ended with ${code}`);
}
