import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { startTestDatabase, type TestDatabase } from '@millrace/db/testing';
import { loadTemplates } from '@millrace/examples';
import { apiError, appDetail, deployReply } from '@millrace/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  deleteApp,
  exportApp,
  getApp,
  getVersion,
  listApps,
  listEvents,
  postApp,
  postDesired,
  putDraft,
} from './apps.ts';
import { postApply, postAppPlan, postDeploy, postPlan, postValidate } from './deploys.ts';
import { forwardToEngine } from './engine-forward.ts';
import { getHealth } from './health.ts';
import { openApiDocument } from './openapi.ts';

let home: TestDatabase;
beforeAll(async () => {
  home = await startTestDatabase();
  process.env.DATABASE_URL = home.url;
});
afterAll(() => home.stop());

type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;
interface Sent {
  readonly body?: unknown;
  readonly params?: Record<string, string>;
  readonly headers?: Record<string, string>;
  readonly path?: string;
  readonly method?: string;
}

async function call(handler: Handler, { body, params = {}, headers = {}, path = '', method }: Sent = {}) {
  const request = new Request(`http://localhost:3000/api/v1/${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      host: 'localhost:3000',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const response = await handler(request, { params: Promise.resolve(params) });
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : null;
  return { status: response.status, json, text, error: apiError.safeParse(json).data?.error };
}

const sample = (app: string, filter = '!value.ok') => `app: ${app}
models:
  Login: { ip: string, ok: boolean, ts: timestamp } # kept
topics:
  ${app}-in: { partitions: 2, key: string, value: Login, eventTime: value.ts }
tables:
  per-ip:
    key: string
    window: { tumbling: 1m }
    value: { attempts: count() }
agents:
  count:
    from: ${app}-in
    steps:
      - filter: "${filter}"
      - group_by: value.ip
      - aggregate: per-ip
`;

test('an app is created empty, from a template with another name, and from text', async () => {
  const empty = await call(postApp, { body: { app: 'blank' } });
  expect(empty.status).toBe(201);
  expect(appDetail.parse(empty.json)).toMatchObject({
    app: 'blank',
    draft: { revision: 1 },
    deployment: null,
    versions: [],
  });
  const [template] = loadTemplates();
  const named = await call(postApp, { body: { template: template?.id, app: 'my-watch' } });
  expect(named.json).toMatchObject({ app: 'my-watch', problems: [] });
  expect(named.json.tables.length).toBeGreaterThan(0);
  const pasted = await call(postApp, { body: { text: sample('pasted') } });
  expect(pasted.json).toMatchObject({ app: 'pasted', problems: [], text: sample('pasted') });
  expect((await call(postApp, { body: { text: sample('pasted') } })).error?.code).toBe('app-exists');
  const { json } = await call(listApps);
  expect(json.apps.map((app: { app: string }) => app.app)).toEqual(['blank', 'my-watch', 'pasted']);
});

test('a document that does not validate is 400 with problems that say where, and changes nothing', async () => {
  for (const text of ['app: [', 'app: broken\nagents: { a: { from: nowhere, steps: [{ jump: 1 }] } }', '']) {
    const refused = await call(postApp, { body: { text } });
    expect(refused.status).toBe(400);
    expect(refused.error?.problems?.length).toBeGreaterThan(0);
    expect((await call(postApply, { body: { text } })).status).toBe(400);
    expect((await call(postValidate, { body: { text } })).json).toMatchObject({ ok: false });
  }
  expect((await call(getApp, { params: { app: 'broken' } })).status).toBe(404);
  expect((await call(postApp, { body: { app: 'Not An Id' } })).error?.problems).toMatchObject([{ path: ['app'] }]);
  expect((await call(postApp, { body: '{' })).error?.code).toBe('bad-request');
});

test('a draft may have problems; a stale save is refused with what is there now', async () => {
  await call(postApp, { body: { app: 'drafted' } });
  const params = { app: 'drafted' };
  const saved = await call(putDraft, { params, body: { text: 'app: [', baseRevision: 1 } });
  expect(saved.json).toMatchObject({ revision: 2 });
  expect(saved.json.problems.length).toBeGreaterThan(0);
  const stale = await call(putDraft, { params, body: { text: 'app: drafted', baseRevision: 1 } });
  expect([stale.status, stale.error?.code, stale.error?.current]).toEqual([
    409,
    'stale-draft',
    { revision: 2, text: 'app: [' },
  ]);
  expect((await call(postDeploy, { params, body: {} })).status).toBe(400);
  const renamed = await call(putDraft, { params, body: { text: 'app: other', baseRevision: 2 } });
  expect(renamed.json.problems).toMatchObject([{ code: 'app-renamed' }]);
});

test('a deploy makes a version, an equal text none, an older version comes back, and each is in the audit', async () => {
  const params = { app: 'shipped' };
  await call(postApp, { body: { text: sample('shipped') } });
  const planned = await call(postAppPlan, { params, body: {} });
  expect(planned.json.plan).toMatchObject({ app: 'shipped', from: null, to: 1, how: 'start' });
  const first = await call(postDeploy, { params, body: { baseRevision: 1, message: 'first' } });
  expect(first.status).toBe(202);
  expect(deployReply.parse(first.json)).toMatchObject({
    version: 1,
    deployment: { desired: 'running', generation: 1 },
  });
  expect((await call(postDeploy, { params, body: {} })).json).toMatchObject({
    version: 1,
    deployment: { generation: 2 },
  });
  await call(putDraft, { params, body: { text: sample('shipped', 'value.ok'), baseRevision: 1 }, method: 'PUT' });
  expect((await call(getApp, { params })).json.draft.changes).toBe(1);
  expect((await call(postDeploy, { params, body: { baseRevision: 1 } })).error?.code).toBe('stale-draft');
  expect((await call(postDeploy, { params, body: { baseRevision: 2 } })).json).toMatchObject({ version: 2 });
  expect((await call(postDeploy, { params, body: { version: 1 } })).json).toMatchObject({ version: 1 });
  expect((await call(postDeploy, { params, body: { version: 9 } })).status).toBe(404);
  expect((await call(getVersion, { params: { ...params, version: '2' } })).json.text).toContain('filter: "value.ok"');
  expect((await call(exportApp, { params, path: 'export?version=1' })).text).toBe(sample('shipped'));
  const { json } = await call(listEvents, { params });
  expect(json.events.map((event: { message: string }) => event.message)).toEqual([
    'Deployed v1',
    'Deployed v2',
    'Deployed v1',
    'Deployed v1: first',
    'Created shipped from text',
  ]);
});

test('apply creates, deploys and overwrites; state that would be lost has to be confirmed', async () => {
  const applied = await call(postApply, { body: { text: sample('applied') } });
  expect([applied.status, applied.json?.version]).toEqual([202, 1]);
  const without = `app: applied\nmodels: {}\ntopics: {}\ntables: {}\nagents: {}\n`;
  const refused = await call(postApply, { body: { text: without } });
  expect([refused.status, refused.error?.code, refused.json.error.plan?.confirmations.length > 0]).toEqual([
    409,
    'needs-confirmation',
    true,
  ]);
  expect((await call(getApp, { params: { app: 'applied' } })).json.text).toBe(sample('applied'));
  const confirmed = await call(postApply, { body: { text: without, confirm: 'all' } });
  expect([confirmed.status, confirmed.json?.version]).toEqual([202, 2]);
  expect((await call(postPlan, { body: { text: sample('applied') } })).json.plan).toMatchObject({ from: 2, to: 3 });
});

test('an app is removed only when it has stopped', async () => {
  const params = { app: 'ended' };
  await call(postApp, { body: { text: sample('ended') } });
  expect((await call(postDesired, { params, body: { desired: 'paused' } })).error?.code).toBe('not-deployed');
  await call(postDeploy, { params, body: {} });
  expect((await call(deleteApp, { params, method: 'DELETE' })).error?.code).toBe('app-running');
  const { json } = await call(postDesired, { params, body: { desired: 'stopped' } });
  await home.database.deployments.observe('ended', json.generation, {
    outcome: 'settled',
    runningVersion: null,
    reason: null,
  });
  expect((await call(deleteApp, { params, method: 'DELETE' })).status).toBe(204);
  expect((await call(getApp, { params })).status).toBe(404);
});

test('a rebound host name, a foreign page and a form’s content type are refused', async () => {
  expect((await call(listApps, { headers: { host: 'evil.example' } })).error?.code).toBe('host-not-allowed');
  expect((await call(listApps, { headers: { origin: 'http://localhost:9999' } })).error?.code).toBe(
    'origin-not-allowed',
  );
  expect((await call(listApps, { headers: { origin: 'http://localhost:3000' } })).status).toBe(200);
  expect((await call(postApp, { body: { app: 'x' }, headers: { 'content-type': 'text/plain' } })).status).toBe(415);
  expect((await call(postApp, { body: `"${'x'.repeat(5_000_000)}"` })).status).toBe(413);
});

test('Postgres that is away is 503 in words, and what comes after it is back is answered', async () => {
  process.env.DATABASE_URL = 'postgresql://u:secret@127.0.0.1:1/gone';
  const away = await call(listApps);
  expect([away.status, away.error?.code]).toEqual([503, 'database-unreachable']);
  expect(away.error?.message).toContain('127.0.0.1:1/gone');
  expect(away.text).not.toContain('secret');
  expect(await (await getHealth()).json()).toMatchObject({ ok: false });
  process.env.DATABASE_URL = home.url;
  expect((await call(listApps)).status).toBe(200);
});

test('what is comes from the engine, and an engine that is away is 503 in words', async () => {
  const engine: Server = createServer((request, response) => {
    response.writeHead(request.url === '/api/v1/topics?x=1' ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ method: request.method, url: request.url }));
  }).listen(0, '127.0.0.1');
  await once(engine, 'listening');
  const address = engine.address();
  process.env.ENGINE_URL = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  expect((await call(forwardToEngine, { path: 'topics?x=1' })).json).toEqual({
    method: 'GET',
    url: '/api/v1/topics?x=1',
  });
  expect((await call(forwardToEngine, { path: 'generators/1', method: 'DELETE' })).status).toBe(404);
  expect((await call(forwardToEngine, { path: 'no-such-route' })).error?.code).toBe('not-found');
  engine.closeAllConnections();
  engine.close();
  await once(engine, 'close');
  const away = await call(forwardToEngine, { path: 'topics' });
  expect([away.status, away.error?.code]).toEqual([503, 'engine-unreachable']);
  expect(away.error?.message).toContain('ECONNREFUSED');
});

test('the OpenAPI document has every route of the contract', () => {
  const { paths } = openApiDocument();
  expect(Object.keys(paths)).toHaveLength(24);
  expect(JSON.stringify(paths['/api/v1/apps/{app}/draft'])).toContain('baseRevision');
});
