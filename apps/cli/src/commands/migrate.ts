import { migrate } from '@millrace/db';
import type { Command } from 'commander';
import { CommandError, exitCode } from '../exit-code.ts';

/** `millrace migrate`: brings the database at DATABASE_URL to this version's schema. `up` does it by itself; containers run it before the rest. */
export function migrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('bring the database at DATABASE_URL up to date')
    .action(async () => {
      const url = process.env['DATABASE_URL'];
      if (url === undefined)
        throw new CommandError(
          exitCode.invalid,
          'DATABASE_URL is not set',
          'It is an address like postgresql://user:password@host:5432/database.',
        );
      await migrate(url, (line) => console.log(line));
      console.log('The database is up to date.');
    });
}
