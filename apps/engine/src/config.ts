import { availableParallelism, hostname } from 'node:os';
import { type KafkaJsOptions, kafkaOptionsFromEnv } from '@millrace/transport-kafkajs';
import { z } from 'zod';

const maxWorkers = 64;
const defaultMaxWorkers = 4;

const environment = z.object({
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'is not a postgresql:// address'),
  ENGINE_HOST: z.string().default('127.0.0.1'),
  ENGINE_PORT: z.coerce.number().int().min(0).max(65_535).default(3001),
  MILLRACE_WORKERS: z.coerce.number().int().min(1).max(maxWorkers).optional(),
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
  readonly workerCount: number;
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
    workerCount: parsed.data.MILLRACE_WORKERS ?? Math.max(1, Math.min(availableParallelism() - 1, defaultMaxWorkers)),
    name:
      parsed.data.MILLRACE_ENGINE ??
      hostname()
        .replaceAll(/[^A-Za-z0-9._-]/g, '-')
        .slice(0, 100),
  };
}
