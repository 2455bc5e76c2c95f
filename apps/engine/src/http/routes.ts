import type { Generators } from '../generators/generators.ts';
import type { TableQueries } from '../queries/table-queries.ts';
import type { TopicQueries } from '../queries/topic-queries.ts';
import { type EngineState, engineRoutes } from './engine-routes.ts';
import { generatorRoutes } from './generator-routes.ts';
import type { Router } from './router.ts';
import { tableRoutes } from './table-routes.ts';
import { topicRoutes } from './topic-routes.ts';

export interface Answers {
  readonly state: EngineState;
  readonly topics: TopicQueries;
  readonly tables: TableQueries;
  readonly generators: Generators;
}

/** The engine's part of the API (protocol, `api/routes.ts`). */
export function routes(router: Router, { state, topics, tables, generators }: Answers): void {
  engineRoutes(router, state);
  topicRoutes(router, topics);
  tableRoutes(router, tables);
  generatorRoutes(router, generators);
}
