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
  /** By which clients tell this cluster from another. */
  readonly clusterId: string;
  /** Answers nobody any more, and closes the data folder whole. May be called more than once. */
  stop(): Promise<void>;
}

/**
 * Opens the data folder and serves it. Rejects with FolderInUse when another live broker holds the folder, with the
 * system's error when the port is taken (EADDRINUSE), and with TypeError for a setting that is none.
 */
export async function startBroker(options: BrokerOptions): Promise<RunningBroker> {
  const { port, host = '127.0.0.1', advertisedHost = host, dataDir, clock = systemClock, log = () => {} } = options;
  const { disk = new NodeDisk(dataDir ?? missingFolder()), network = tcpNetwork(log), ...settings } = options;
  const config: BrokerConfig = { ...defaultConfig, ...definedOf(settings) };
  const unlock = await disk.lock();
  try {
    const broker = await openBroker({ config, disk, clock, log, newId: () => randomUUID().replaceAll('-', '') });
    const server = await serve(broker, network, host, port).catch(async (error: unknown) => {
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
    return { host, port: server.port, clusterId: broker.clusterId, stop: () => (stopped ??= stop()) };
  } catch (error) {
    await unlock();
    throw error;
  }
}

const otherOptions = ['port', 'host', 'advertisedHost', 'dataDir', 'clock', 'log'];

/** The settings that were given. Throws TypeError for a name that is none, which a spread may have brought past the compiler. */
function definedOf(settings: Partial<BrokerConfig>): Partial<BrokerConfig> {
  const given = Object.entries(settings).filter(([name, value]) => !otherOptions.includes(name) && value !== undefined);
  const unknown = given.find(([name]) => !Object.hasOwn(defaultConfig, name));
  if (unknown !== undefined) throw new TypeError(`startBroker knows no setting '${unknown[0]}'`);
  // Only the broker's own settings pass, each with the type that BrokerOptions gave it.
  return Object.fromEntries(given) as Partial<BrokerConfig>;
}

function missingFolder(): never {
  throw new TypeError('startBroker needs a dataDir or a disk');
}
