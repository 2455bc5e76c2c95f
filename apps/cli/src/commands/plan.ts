import { planReply } from '@millrace/protocol';
import type { Command } from 'commander';
import { contextOf, readDocument } from '../context.ts';
import { formatPlan } from '../output/problems.ts';

/** `millrace plan FILE`: what `apply` would do, compared with what is deployed. Changes nothing. */
export function planCommand(program: Command): void {
  program
    .command('plan')
    .argument('<file>', 'the document, or - for standard input')
    .description('say what applying a document would create, change, keep and drop')
    .action(async (file: string, _options: unknown, command: Command) => {
      const { api, print } = contextOf(command, file);
      const reply = await api.send('POST', '/plan', { text: readDocument(file) }, planReply);
      print(reply, () => formatPlan(reply.plan));
    });
}
