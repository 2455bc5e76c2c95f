import { startGenerator } from '@millrace/protocol';
import { z } from 'zod';
import type { Generators } from '../generators/generators.ts';
import type { Request, Router } from './router.ts';

const { ratePerSecond, skew } = startGenerator.shape;
/** Without the defaults of a start: what is absent stays as it is. */
const changeGenerator = z.object({ ratePerSecond: ratePerSecond.unwrap().optional(), skew: skew.unwrap().optional() });

const idOf = ({ params }: Request): string => params['id'] ?? '';

export function generatorRoutes(router: Router, generators: Generators): void {
  router
    .on('GET', '/generators', () => ({ status: 200, body: { generators: generators.list(), kinds: generators.kinds } }))
    .on('POST', '/generators', async (request) => ({
      status: 201,
      body: await generators.start(await request.body(startGenerator)),
    }))
    .on('PATCH', '/generators/{id}', async (request) => {
      const change = await request.body(changeGenerator);
      return { status: 200, body: generators.change(idOf(request), change.ratePerSecond, change.skew) };
    })
    .on('DELETE', '/generators/{id}', async (request) => ({
      status: 200,
      body: await generators.stopOne(idOf(request)),
    }));
}
