import { availableParallelism, hostname } from 'node:os';
import { allowedHostsFrom } from '@millrace/protocol';
import { type KafkaJsOptions, kafkaOptionsFromEnv } from '@millrace/transport-kafkajs';
import { z } from 'zod';

const maxWorkers = 64;
const defaultMaxWorkers = 4;
/** A worker tells its status four times a second; one that has been silent for so long is stuck, and would hold its partitions for ever. */
const defaultWatchdogSeconds = 20;

const environment = z.object({
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'is not a postgresql:// address'),
  ENGINE_HOST: z.string().default('127.0.0.1'),
  ENGINE_PORT: z.coerce.number().int().min(0).max(65_535).default(3001),
  MILLRACE_INSTANCE: z
    .string()
    .regex(/^[A-Za-z0-9_-]{8,100}$/)
    .optional(),
  MILLRACE_ALLOWED_HOSTS: z.string().optional(),
  MILLRACE_DATA: z.string().min(1).optional(),
  MILLRACE_WORKERS: z.coerce.number().int().min(1).max(maxWorkers).optional(),
  MILLRACE_WATCHDOG_SECONDS: z.coerce.number().min(1).max(3600).default(defaultWatchdogSeconds),
  MILLRACE_ENGINE: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,100}$/)
    .optional(),
});

export interface EngineConfig {
  readonly databaseUrl: string;
  readonly kafka: KafkaJsOptions;
  /** The HTTP server's address: loopback, unless a private network of containers lies around it. */
  readonly host: string;
  /** Of the HTTP server; 0: any free one. */
  readonly port: number;
  /** The Millrace this engine belongs to, and its dashboard too; null when nobody says. */
  readonly instance: string | null;
  /** Host names beside this machine's own by which it may be asked. */
  readonly allowedHosts: readonly string[];
  /** The folder of the embedded Postgres and broker; null where there is none. */
  readonly dataDir: string | null;
  readonly workerCount: number;
  /** A worker that is silent for so long, ms, is killed and started again. */
  readonly watchdogMs: number;
  /** Of this engine among several; part of its workers' ids. */
  readonly name: string;
}

/** Reads the environment. Throws an `Error` that names each variable which is missing or can't be used. */
export function configFromEnv(env: Readonly<Record<string, string | undefined>>): EngineConfig {
  const parsed = environment.safeParse(env);
  if (!parsed.success)
    throw new Error(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'));
  const kafka = kafkaOptionsFromEnv(env);
  if (kafka === null)
    throw new Error('KAFKA_BROKERS: is missing; the addresses of some brokers, as host:port, separated by commas');
  return {
    databaseUrl: parsed.data.DATABASE_URL,
    kafka,
    host: parsed.data.ENGINE_HOST,
    port: parsed.data.ENGINE_PORT,
    instance: parsed.data.MILLRACE_INSTANCE ?? null,
    allowedHosts: allowedHostsFrom(parsed.data.MILLRACE_ALLOWED_HOSTS),
    dataDir: parsed.data.MILLRACE_DATA ?? null,
    workerCount: parsed.data.MILLRACE_WORKERS ?? Math.max(1, Math.min(availableParallelism() - 1, defaultMaxWorkers)),
    watchdogMs: parsed.data.MILLRACE_WATCHDOG_SECONDS * 1_000,
    name:
      parsed.data.MILLRACE_ENGINE ??
      hostname()
        .replaceAll(/[^A-Za-z0-9._-]/g, '-')
        .slice(0, 100),
  };
}
