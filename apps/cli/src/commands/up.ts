import type { Command } from 'commander';
import { CommandError, exitCode } from '../exit-code.ts';
import { up } from '../up/up.ts';

/** `millrace up`: everything, supervised, until Ctrl-C. */
export function upCommand(program: Command): void {
  program
    .command('up')
    .description('run Postgres, the broker, the engine and the dashboard on this machine')
    .option('-p, --port <port>', "the dashboard's port", process.env['PORT'] ?? '3000')
    .option('--engine-port <port>', "the engine's port", process.env['MILLRACE_ENGINE_PORT'] ?? '3001')
    .option('--broker-port <port>', "the embedded broker's port", process.env['MILLRACE_BROKER_PORT'] ?? '9092')
    .option('--postgres-port <port>', "the embedded Postgres's port", process.env['MILLRACE_POSTGRES_PORT'] ?? '54329')
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .option('--data <folder>', 'where data is kept', process.env['MILLRACE_DATA'])
    .option('--dev', 'from source, with hot reload')
    .action(async (options: UpFlags) => {
      const ports = {
        dashboard: portOf('--port', options.port),
        engine: portOf('--engine-port', options.enginePort),
        broker: portOf('--broker-port', options.brokerPort),
        postgres: portOf('--postgres-port', options.postgresPort),
      };
      if (!['127.0.0.1', 'localhost', '::1'].includes(options.host)) {
        throw new CommandError(
          exitCode.invalid,
          `Millrace does not listen on ${options.host}: beyond this machine it needs a secret and accounts, and has none yet`,
          'Keep 127.0.0.1, and reach it through a tunnel (ssh -L 3000:127.0.0.1:3000 host) or a proxy that signs people in.',
        );
      }
      process.exitCode = await up({
        ports,
        host: options.host,
        dev: options.dev === true,
        ...(options.data === undefined ? {} : { dataDir: options.data }),
      });
    });
}

interface UpFlags {
  readonly port: string;
  readonly enginePort: string;
  readonly brokerPort: string;
  readonly postgresPort: string;
  readonly host: string;
  readonly data?: string;
  readonly dev?: true;
}

function portOf(flag: string, text: string): number {
  const port = Number(text);
  if (text.trim() === '' || !Number.isInteger(port) || port < 0 || port > 65_535)
    throw new CommandError(exitCode.invalid, `${flag} takes a port, 0 to 65535, not ${text}`);
  return port;
}
