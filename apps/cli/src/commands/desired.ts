import { deploymentState } from '@millrace/protocol';
import type { Command } from 'commander';
import { contextOf } from '../context.ts';
import { settled, steady } from './settled.ts';

const verbs = [
  { name: 'pause', desired: 'paused', description: 'stop reading; state and position are kept' },
  { name: 'resume', desired: 'running', description: 'run a paused or stopped app' },
  {
    name: 'stop',
    desired: 'stopped',
    description: 'leave the group and free the memory; committed state is kept in Kafka',
  },
] as const;

/** `millrace pause|resume|stop APP`. */
export function desiredCommands(program: Command): void {
  for (const { name, desired, description } of verbs) {
    program
      .command(name)
      .argument('<app>')
      .description(description)
      .action(async (app: string, _options: unknown, command: Command) => {
        const { api, print } = contextOf(command);
        const deployment = await settled(
          api,
          app,
          await api.send('POST', `/apps/${encodeURIComponent(app)}/desired`, { desired }, deploymentState),
        );
        if (desired === 'running') await steady(api, app, deployment);
        print(deployment, () => `${app} is ${desired}`);
      });
  }
}
