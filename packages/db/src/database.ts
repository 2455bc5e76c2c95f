import { performance } from 'node:perf_hooks';
import { PrismaPg } from '@prisma/adapter-pg';
import { type Apps, createApps } from './apps.ts';
import { type Audit, createAudit } from './audit.ts';
import { databaseAddress } from './database-address.ts';
import { asDatabaseError } from './database-error.ts';
import { createDeployments, type Deployments } from './deployments.ts';
import { createDrafts, type Drafts } from './drafts.ts';
import { PrismaClient } from './generated/client.ts';
import { createVersions, type Versions } from './versions.ts';

/** The workspace's books. Every call may throw `DatabaseUnreachable`; nothing is retried here. */
export interface Database {
  /** `host:port/database`. */
  readonly address: string;
  readonly apps: Apps;
  readonly drafts: Drafts;
  readonly versions: Versions;
  readonly deployments: Deployments;
  readonly audit: Audit;
  /** How long a round trip took, ms. */
  ping(): Promise<number>;
  /** Closes the connections. Idempotent. */
  close(): Promise<void>;
}

const connectTimeoutMs = 5_000;
const maxConnections = 10;

/** Connects on first use, so this never throws for a server that is away. */
export function openDatabase(url: string): Database {
  const address = databaseAddress(url);
  const adapter = new PrismaPg(
    { connectionString: url, connectionTimeoutMillis: connectTimeoutMs, max: maxConnections },
    // A connection that breaks while idle says so here; the next call that needs one reports it.
    { onPoolError: () => undefined, onConnectionError: () => undefined },
  );
  const client = new PrismaClient({ adapter });

  const guard = <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) => {
    return async (...args: Args): Promise<Result> => {
      try {
        return await call(...args);
      } catch (error) {
        throw asDatabaseError(error, address);
      }
    };
  };
  const guarded = <Repository extends object>(repository: Repository): Repository =>
    // as: the same keys with functions of the same signatures
    Object.fromEntries(Object.entries(repository).map(([name, call]) => [name, guard(call)])) as Repository;

  return {
    address,
    apps: guarded(createApps(client)),
    drafts: guarded(createDrafts(client)),
    versions: guarded(createVersions(client)),
    deployments: guarded(createDeployments(client)),
    audit: guarded(createAudit(client)),
    ping: guard(async () => {
      const startMs = performance.now();
      await client.$queryRaw`SELECT 1`;
      return performance.now() - startMs;
    }),
    close: () => client.$disconnect(),
  };
}
