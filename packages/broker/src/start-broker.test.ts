import { expect, test } from 'vitest';
import { MemoryDisk } from './disk/memory-disk.ts';
import { MemoryNetwork } from './server/memory-network.ts';
import { type BrokerOptions, startBroker } from './start-broker.ts';

const network = new MemoryNetwork();

test('a setting that is none is refused, and nothing is held', async () => {
  const disk = new MemoryDisk();
  const misspelled = { port: 0, disk, network, defaultPartition: 3 } as BrokerOptions; // As a spread brings it.
  await expect(startBroker(misspelled)).rejects.toThrow("startBroker knows no setting 'defaultPartition'");
  const broker = await startBroker({ port: 0, disk, network });
  await broker.stop();
});

test('a port that is taken and a folder that is held are refused; once the holder has stopped, both are free', async () => {
  const disk = new MemoryDisk();
  const holder = await startBroker({ port: 0, disk, network });
  const { port } = holder;
  await expect(startBroker({ port, disk: new MemoryDisk(), network })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await expect(startBroker({ port: 0, disk, network })).rejects.toMatchObject({ name: 'FolderInUse' });
  await holder.stop();
  await holder.stop();
  const heir = await startBroker({ port, disk, network });
  await heir.stop();
});
