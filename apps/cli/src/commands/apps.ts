import { type AppEntity, type AppSummary, appSummary, engineReply } from '@millrace/protocol';
import type { Command } from 'commander';
import { z } from 'zod';
import { contextOf } from '../context.ts';
import { CommandError } from '../exit-code.ts';
import { formatTable } from '../output/table.ts';

/** `millrace apps`: every app, with its live figures where an engine answers. */
export function appsCommand(program: Command): void {
  program
    .command('apps')
    .description('list the apps, what runs of them, and how they are doing')
    .action(async (_options: unknown, command: Command) => {
      const { api, print } = contextOf(command);
      const { apps } = await api.get('/apps', z.object({ apps: z.array(appSummary) }));
      const live = await api.get('/engine', engineReply).then(
        (reply) => new Map(reply.apps.map((app) => [app.app, app])),
        (error: unknown) => {
          if (!(error instanceof CommandError)) throw error;
          process.stderr.write(`${error.message}\n`);
          return new Map<string, AppEntity>();
        },
      );
      print(
        apps.map((app) => ({ ...app, live: live.get(app.app) ?? null })),
        () => (apps.length === 0 ? 'No apps yet. `millrace apply FILE` makes one.' : list(apps, live)),
      );
    });
}

function list(apps: readonly AppSummary[], live: ReadonlyMap<string, AppEntity>): string {
  return formatTable(
    [
      { title: 'app' },
      { title: 'status' },
      { title: 'version' },
      { title: 'in/s', right: true },
      { title: 'lag', right: true },
      { title: 'backpressure' },
      { title: 'dead letters', right: true },
    ],
    apps.map((app) => {
      const figures = live.get(app.app);
      const version = app.deployment?.runningVersion ?? app.deployment?.version;
      return [
        app.app,
        figures?.status ?? app.deployment?.desired ?? 'draft',
        version === undefined ? '-' : `v${version}${app.draft.changes > 0 ? ` (+${app.draft.changes} changes)` : ''}`,
        figures ? figures.inPerSecond.toFixed(0) : '-',
        figures ? String(figures.lag) : '-',
        figures ? figures.backpressure.level : '-',
        figures ? String(figures.deadLetters) : '-',
      ];
    }),
  );
}
