import { randomUUID } from 'node:crypto';
import { openBroker } from './broker.ts';
import { type Clock, systemClock } from './clock.ts';
import { type BrokerConfig, defaultConfig } from './config.ts';
import type { Disk } from './disk/disk.ts';
import { NodeDisk } from './disk/node-disk.ts';
import { startHousekeeping } from './housekeeping.ts';
import type { LogLine } from './log-line.ts';
import type { Network } from './server/network.ts';
import { serve } from './server/server.ts';
import { tcpNetwork } from './server/tcp-network.ts';

export interface BrokerOptions extends Partial<BrokerConfig> {
  /** 0 takes a free port. */
  readonly port: number;
  /** Where to listen; loopback by default. */
  readonly host?: string;
  /** The host that clients are told to connect to; by default the one listened on. */
  readonly advertisedHost?: string;
  /** The data folder, created when it does not exist. Either this or `disk`. */
  readonly dataDir?: string;
  readonly disk?: Disk;
  readonly clock?: Clock;
  /** The machine's own by default. */
  readonly network?: Network;
  /** Silent by default. */
  readonly log?: LogLine;
}

export interface RunningBroker {
  readonly host: string;
  readonly port: number;
  /** Answers nobody any more, and closes the data folder whole. May be called more than once. */
  stop(): Promise<void>;
}

/**
 * Opens the data folder and serves it. Rejects with FolderInUse when another live broker holds the folder, and with
 * the system's error when the port is taken (EADDRINUSE).
 */
export async function startBroker(options: BrokerOptions): Promise<RunningBroker> {
  const { port, host = '127.0.0.1', advertisedHost = host, clock = systemClock, log = () => {} } = options;
  const disk = options.disk ?? new NodeDisk(options.dataDir ?? missingFolder());
  const config: BrokerConfig = { ...defaultConfig, ...definedOf(options) };
  const unlock = await disk.lock();
  try {
    const broker = await openBroker({ config, disk, clock, log, newId: () => randomUUID().replaceAll('-', '') });
    const server = await serve(broker, options.network ?? tcpNetwork(log), host, port).catch(async (error: unknown) => {
      await broker.close();
      throw error;
    });
    broker.advertised.host = advertisedHost === '0.0.0.0' ? '127.0.0.1' : advertisedHost;
    broker.advertised.port = server.port;
    const stopHousekeeping = startHousekeeping(broker);
    let stopped: Promise<void> | undefined;
    const stop = async () => {
      await server.close();
      await stopHousekeeping();
      await broker.close();
      await unlock();
    };
    return { host, port: server.port, stop: () => (stopped ??= stop()) };
  } catch (error) {
    await unlock();
    throw error;
  }
}

function definedOf(options: Partial<BrokerConfig>): Partial<BrokerConfig> {
  const known = Object.keys(defaultConfig);
  // Only the broker's own settings pass, each with the type that BrokerOptions gave it.
  return Object.fromEntries(
    Object.entries(options).filter(([name, value]) => known.includes(name) && value !== undefined),
  ) as Partial<BrokerConfig>;
}

function missingFolder(): never {
  throw new TypeError('startBroker needs a dataDir or a disk');
}
