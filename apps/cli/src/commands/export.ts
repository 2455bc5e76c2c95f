import type { Command } from 'commander';
import { contextOf } from '../context.ts';

/** `millrace export APP`: the document's text on standard output, comments and all. */
export function exportCommand(program: Command): void {
  program
    .command('export')
    .argument('<app>')
    .description("print an app's document")
    .option('--version <number>', 'this version, not the draft')
    .action(async (app: string, options: { version?: string }, command: Command) => {
      const { api, json, print } = contextOf(command);
      const query = options.version === undefined ? '' : `?version=${encodeURIComponent(options.version)}`;
      const text = await api.getText(`/apps/${encodeURIComponent(app)}/export${query}`);
      if (json) print({ app, text }, () => text);
      else process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
    });
}
