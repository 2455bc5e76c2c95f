import { deployReply } from '@millrace/protocol';
import type { Command } from 'commander';
import { contextOf, readDocument } from '../context.ts';
import { formatPlan } from '../output/problems.ts';
import { settled, steady } from './settled.ts';

/** `millrace apply FILE`: creates or updates the app's draft, makes it a version and deploys it. Waits until it runs, or fails. */
export function applyCommand(program: Command): void {
  program
    .command('apply')
    .argument('<file>', 'the document, or - for standard input')
    .description('create or update an app from a document, and deploy it')
    .option('-m, --message <text>', "shown in the app's history", '')
    .option('--confirm [element...]', 'confirm the loss of state that the plan names: of these elements, or of all')
    .option('--no-wait', 'return as soon as the deployment is recorded')
    .action(
      async (
        file: string,
        options: { message: string; confirm?: true | string[]; wait: boolean },
        command: Command,
      ) => {
        const { api, json, print } = contextOf(command, file);
        const confirm = options.confirm === true ? 'all' : (options.confirm ?? []);
        const reply = await api.send(
          'POST',
          '/apply',
          { text: readDocument(file), message: options.message, confirm },
          deployReply,
        );
        if (!json) process.stdout.write(`${formatPlan(reply.plan)}\n`);
        const deployment = options.wait ? await settled(api, reply.app, reply.deployment) : reply.deployment;
        if (options.wait) await steady(api, reply.app, deployment);
        print(
          { ...reply, deployment },
          () =>
            `${reply.app} v${reply.version} ${options.wait ? (deployment.desired === 'running' ? 'runs' : `is ${deployment.desired}`) : 'is being deployed'}`,
        );
      },
    );
}
