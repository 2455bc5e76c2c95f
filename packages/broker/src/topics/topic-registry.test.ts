import { expect, test } from 'vitest';
import { ManualClock } from '../clock.ts';
import { MemoryDisk } from '../disk/memory-disk.ts';
import { TopicRegistry } from './topic-registry.ts';

test('a topic whose folder the disk will not let go of is deleted all the same; the folder goes with the next opening', async () => {
  const disk = new MemoryDisk();
  const said: string[] = [];
  const environment = {
    disk,
    clock: new ManualClock(),
    log: (_: string, message: string) => void said.push(message),
    newId: () => 'a'.repeat(32),
  };
  const topics = await TopicRegistry.open(environment);
  const forgotten: string[] = [];
  topics.onDelete(async ({ name }) => void forgotten.push(name));
  await topics.create('t', 1, new Map());
  const remove = disk.remove.bind(disk);
  disk.remove = () => Promise.reject(new Error('ENOTEMPTY: directory not empty'));
  await topics.delete('t');
  expect([topics.get('t'), forgotten]).toEqual([undefined, ['t']]);
  expect(said).toEqual(['the folder of the deleted topic t could not be removed: ENOTEMPTY: directory not empty']);
  disk.remove = remove;
  await topics.close();
  expect(await disk.list('topics')).not.toEqual([]);
  await TopicRegistry.open(environment);
  expect(await disk.list('topics')).toEqual([]);
});
