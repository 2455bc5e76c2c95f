import type { EngineReply } from '@millrace/protocol';
import { graphEntities } from '../../figures/graph-entities.ts';
import type { Workspace } from '../../figures/workspace.ts';
import type { Generators } from '../../generators/generators.ts';
import type { TableQueries } from '../../queries/table-queries.ts';
import type { TopicQueries } from '../../queries/topic-queries.ts';
import type { OpenFeed } from '../hub.ts';
import { figuresFeed } from './figures.ts';
import { tableFeed } from './table.ts';
import { tailFeed } from './tail.ts';

export interface Sources {
  readonly read: () => EngineReply;
  readonly workspace: Workspace;
  readonly topics: TopicQueries;
  readonly tables: TableQueries;
  readonly generators: Generators;
}

/** What stands behind each channel. */
export function openFeed({ read, workspace, topics, tables, generators }: Sources): OpenFeed {
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
        return tailFeed(request, sink, topics);
      case 'generators':
        return figuresFeed(sink, () =>
          generators.list().map((generator) => ({ id: `generator:${generator.id}`, type: 'generator', generator })),
        );
    }
  };
}
