import { checkDocument } from '@millrace/dataflow';
import type { Command } from 'commander';
import { contextOf, readDocument } from '../context.ts';
import { CommandError, exitCode } from '../exit-code.ts';
import { formatProblem } from '../output/problems.ts';

/** `millrace validate FILE`: needs no running Millrace. Exit 2 when the document has errors; warnings alone pass. */
export function validateCommand(program: Command): void {
  program
    .command('validate')
    .argument('<file>', 'the document, or - for standard input')
    .description('check a document and list its problems')
    .action((file: string, _options: unknown, command: Command) => {
      const { problems, document } = checkDocument(readDocument(file));
      const errors = problems.filter((problem) => problem.severity === 'error').length;
      contextOf(command).print({ ok: errors === 0, problems }, () =>
        [
          ...problems.map((problem) => formatProblem(problem, file)),
          errors === 0
            ? `${document?.app ?? file} is valid${problems.length > 0 ? `, with ${problems.length} warning${problems.length > 1 ? 's' : ''}` : ''}`
            : '',
        ]
          .filter(Boolean)
          .join('\n'),
      );
      if (errors > 0)
        throw new CommandError(
          exitCode.invalid,
          `${file} has ${errors} error${errors > 1 ? 's' : ''}; nothing was changed`,
        );
    });
}
