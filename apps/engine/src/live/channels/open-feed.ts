import type { EngineReply } from '@millrace/protocol';
import type { Clock } from '@millrace/streams';
import { graphEntities } from '../../figures/graph-entities.ts';
import type { Workspace } from '../../figures/workspace.ts';
import type { Generators } from '../../generators/generators.ts';
import type { TableQueries } from '../../queries/table-queries.ts';
import type { TopicQueries } from '../../queries/topic-queries.ts';
import type { OpenFeed } from '../hub.ts';
import { figuresFeed } from './figures.ts';
import { tableFeed } from './table.ts';
import { tailFeed } from './tail.ts';
import { TailTime } from './tail-time.ts';

export interface Sources {
  readonly read: () => EngineReply;
  readonly workspace: Workspace;
  readonly topics: TopicQueries;
  readonly tables: TableQueries;
  readonly generators: Generators;
  readonly clock: Clock;
}

/** What stands behind each channel. */
export function openFeed({ read, workspace, topics, tables, generators, clock }: Sources): OpenFeed {
  const tailTime = new TailTime(clock);
  return (request, sink) => {
    switch (request.channel) {
      case 'workspace':
        return figuresFeed(sink, () => {
          const { engine, health, apps } = read();
          return [engine, ...health, ...apps];
        });
      case 'graph':
        // An app that is not deployed yet has no figures; they come when it is.
        return figuresFeed(sink, () => {
          const view = workspace.app(request.app);
          return view === null ? [] : graphEntities(view);
        });
      case 'table':
        return tableFeed(request, sink, tables, workspace);
      case 'tail':
        return tailFeed(request, sink, topics, tailTime);
      case 'generators':
        return figuresFeed(sink, () =>
          generators.list().map((generator) => ({ id: `generator:${generator.id}`, type: 'generator', generator })),
        );
    }
  };
}
