import type { Command } from 'commander';
import { CommandError, exitCode } from '../exit-code.ts';
import { up } from '../up/up.ts';

/** `millrace up`: everything, supervised, until Ctrl-C. */
export function upCommand(program: Command): void {
  program
    .command('up')
    .description('run Postgres, the broker, the engine and the dashboard on this machine')
    .option('-p, --port <port>', "the dashboard's port", process.env['PORT'] ?? '3000')
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .option('--data <folder>', 'where data is kept', process.env['MILLRACE_DATA'])
    .option('--dev', 'from source, with hot reload')
    .action(async (options: { port: string; host: string; data?: string; dev?: true }) => {
      const port = Number(options.port);
      if (!Number.isInteger(port) || port < 0 || port > 65_535)
        throw new CommandError(exitCode.invalid, `--port takes a port, not ${options.port}`);
      if (!['127.0.0.1', 'localhost', '::1'].includes(options.host)) {
        throw new CommandError(
          exitCode.invalid,
          `Millrace does not listen on ${options.host}: beyond this machine it needs a secret and accounts, and has none yet`,
          'Keep 127.0.0.1, and reach it through a tunnel (ssh -L 3000:127.0.0.1:3000 host) or a proxy that signs people in.',
        );
      }
      process.exitCode = await up({
        port,
        host: options.host,
        dev: options.dev === true,
        ...(options.data === undefined ? {} : { dataDir: options.data }),
      });
    });
}
