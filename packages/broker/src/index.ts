export { type Clock, ManualClock } from './clock.ts';
export { type BrokerConfig, defaultConfig } from './config.ts';
export { type Disk, type DiskFile, FolderInUse } from './disk/disk.ts';
export { MemoryDisk } from './disk/memory-disk.ts';
export { NodeDisk } from './disk/node-disk.ts';
export type { LogLine } from './log-line.ts';
export { MemoryNetwork } from './server/memory-network.ts';
export type { Network } from './server/network.ts';
export { type BrokerOptions, type RunningBroker, startBroker } from './start-broker.ts';
