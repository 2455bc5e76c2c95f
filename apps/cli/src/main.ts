import { Command } from 'commander';
import { ZodError } from 'zod';
import { applyCommand } from './commands/apply.ts';
import { appsCommand } from './commands/apps.ts';
import { desiredCommands } from './commands/desired.ts';
import { exportCommand } from './commands/export.ts';
import { generateCommand } from './commands/generate.ts';
import { migrateCommand } from './commands/migrate.ts';
import { planCommand } from './commands/plan.ts';
import { sendCommand } from './commands/send.ts';
import { tableCommand } from './commands/table.ts';
import { topicCommand } from './commands/topic.ts';
import { upCommand } from './commands/up.ts';
import { validateCommand } from './commands/validate.ts';
import { CommandError, exitCode } from './exit-code.ts';

const program = new Command('millrace')
  .description('Stream-processing apps on Kafka: author them in the browser, run them hot, watch them live.')
  .option('--url <address>', 'the dashboard (or MILLRACE_URL)')
  .option('--json', 'print JSON')
  .showHelpAfterError()
  .addHelpText(
    'after',
    '\nExit codes: 0 done, 1 failed, 2 invalid document or call, 3 not found, 4 refused as things stand, 5 Millrace does not answer.',
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? exitCode.ok : exitCode.invalid));
const commands = [
  upCommand,
  migrateCommand,
  validateCommand,
  planCommand,
  applyCommand,
  exportCommand,
  appsCommand,
  tableCommand,
  topicCommand,
  sendCommand,
  generateCommand,
  desiredCommands,
];
for (const command of commands) command(program);

// `millrace topic tail | head` closes our output: that is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? exitCode.ok : exitCode.failure),
);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommandError) {
    process.stderr.write(`${error.message}\n${error.hint === undefined ? '' : `${error.hint}\n`}`);
    process.exitCode = error.code;
  } else if (error instanceof ZodError) {
    process.stderr.write(
      `Millrace answered in a form that this command does not know: ${error.issues[0]?.message ?? ''}. Are both of one version?\n`,
    );
    process.exitCode = exitCode.failure;
  } else throw error;
}
