import { recordsQuery, sendRecords } from '@millrace/protocol';
import type { TopicQueries } from '../queries/topic-queries.ts';
import type { Request, Router } from './router.ts';

const nameOf = ({ params }: Request): string => params['name'] ?? '';

export function topicRoutes(router: Router, topics: TopicQueries): void {
  router
    .on('GET', '/topics', async () => ({ status: 200, body: { topics: await topics.list() } }))
    .on('GET', '/topics/{name}', async (request) => ({ status: 200, body: await topics.detail(nameOf(request)) }))
    .on('GET', '/topics/{name}/records', async (request) => ({
      status: 200,
      body: await topics.records(nameOf(request), request.query(recordsQuery), request.signal),
    }))
    .on('POST', '/topics/{name}/records', async (request) => ({
      status: 200,
      body: await topics.send(nameOf(request), await request.body(sendRecords)),
    }));
}
