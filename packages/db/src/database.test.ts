import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from './database.ts';
import { AppExists, DatabaseUnreachable, DeploymentMoved, StaleDraft } from './database-error.ts';
import { startTestDatabase, type TestDatabase } from './testing/index.ts';
import { watchDeployments } from './watch-deployments.ts';

let home: TestDatabase;
beforeAll(async () => {
  home = await startTestDatabase();
});
afterAll(() => home.stop());

const actor = 'ada';
const newApp = (id: string, text = `app: ${id}\n`) =>
  home.database.apps.create({ id, text, actor, message: `Created ${id}` });
const deployDraft = (app: string, draftRevision: number, baseGeneration: number) =>
  home.database.deployments.deploy({
    app,
    source: { draftRevision },
    baseGeneration,
    message: '',
    confirmed: [],
    actor,
  });

test('a new app has a draft at revision 1, no version and no deployment; its name is taken from then on', async () => {
  const app = await newApp('one');
  expect(app).toMatchObject({ id: 'one', draft: { revision: 1 }, newest: null, deployment: null, deployedText: null });
  await expect(newApp('one')).rejects.toBeInstanceOf(AppExists);
  expect(await home.database.audit.list({ app: 'one', limit: 10 })).toMatchObject([{ kind: 'app-created', actor }]);
});

test('a save over an older revision is refused with what is there now, and writes nothing', async () => {
  const { drafts } = home.database;
  await newApp('stale');
  expect(await drafts.save({ app: 'stale', text: 'first', baseRevision: 1 })).toMatchObject({ revision: 2 });
  const refused = drafts.save({ app: 'stale', text: 'second', baseRevision: 1 });
  await expect(refused).rejects.toMatchObject({ code: 'stale-draft', current: { revision: 2, text: 'first' } });
  await expect(refused).rejects.toBeInstanceOf(StaleDraft);
  expect(await drafts.save({ app: 'stale', text: 'first', baseRevision: 1 })).toMatchObject({ revision: 2 });
  expect(await drafts.save({ app: 'nobody', text: '', baseRevision: 1 })).toBeNull();
});

test('of two saves of one revision, exactly one is taken', async () => {
  await newApp('race');
  const saves = ['a', 'b', 'c', 'd'].map((text) => home.database.drafts.save({ app: 'race', text, baseRevision: 1 }));
  const results = await Promise.allSettled(saves);
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('a deploy makes a version unless the text is the newest one’s, and raises the generation', async () => {
  const { drafts, versions, deployments } = home.database;
  await newApp('ship', 'v1');
  expect(await deployDraft('ship', 1, 0)).toMatchObject({
    version: 1,
    generation: 1,
    desired: 'running',
    outcome: 'pending',
  });
  expect(await deployDraft('ship', 1, 1)).toMatchObject({ version: 1, generation: 2 });
  await drafts.save({ app: 'ship', text: 'v2', baseRevision: 1 });
  expect(await deployDraft('ship', 2, 2)).toMatchObject({ version: 2, generation: 3 });
  const again = await deployments.deploy({
    app: 'ship',
    source: { version: 1 },
    baseGeneration: 3,
    message: 'back',
    confirmed: ['t'],
    actor,
  });
  expect(again).toMatchObject({ version: 1, generation: 4, confirmed: ['t'] });
  expect((await versions.list('ship')).map(({ number }) => number)).toEqual([2, 1]);
  expect(await deployments.get('ship')).toMatchObject({ text: 'v1', generation: 4 });
});

test('a deploy whose plan is out of date writes nothing', async () => {
  await newApp('moved', 'v1');
  await deployDraft('moved', 1, 0);
  await expect(deployDraft('moved', 1, 0)).rejects.toBeInstanceOf(DeploymentMoved);
  await expect(deployDraft('moved', 7, 1)).rejects.toBeInstanceOf(StaleDraft);
  expect(await home.database.deployments.get('moved')).toMatchObject({ version: 1, generation: 1 });
});

test('an engine’s word on an older generation does not settle the newer one', async () => {
  const { deployments } = home.database;
  await newApp('observed', 'v1');
  await deployDraft('observed', 1, 0);
  await deployments.desire('observed', 'paused', actor);
  await deployments.observe('observed', 1, { outcome: 'settled', runningVersion: 1, reason: null });
  expect(await deployments.get('observed')).toMatchObject({
    outcome: 'pending',
    observedGeneration: 1,
    runningVersion: 1,
  });
  await deployments.observe('observed', 2, { outcome: 'failed', runningVersion: 1, reason: 'no topic' });
  expect(await deployments.get('observed')).toMatchObject({
    outcome: 'failed',
    observedGeneration: 2,
    reason: 'no topic',
  });
  expect(await deployments.desire('nobody', 'paused', actor)).toBeNull();
});

test('removing an app takes its versions and deployment with it; its audit stays', async () => {
  await newApp('gone', 'v1');
  await deployDraft('gone', 1, 0);
  expect(await home.database.apps.remove('gone', actor)).toBe(true);
  expect(await home.database.apps.remove('gone', actor)).toBe(false);
  expect(await home.database.versions.list('gone')).toEqual([]);
  const kinds = (await home.database.audit.list({ app: 'gone', limit: 10 })).map(({ kind }) => kind);
  expect(kinds).toEqual(['app-removed', 'deploy', 'app-created']);
});

test('a watcher hears of the app that changed, and after a lost connection that anything may have', async () => {
  await newApp('watched', 'v1');
  const heard = new EventTarget();
  const next = async (): Promise<string | null> => {
    const [event] = await once(heard, 'change');
    return event.detail;
  };
  const abort = new AbortController();
  let connected = next();
  const watching = watchDeployments(
    home.url,
    (detail) => heard.dispatchEvent(new CustomEvent('change', { detail })),
    abort.signal,
  );
  expect(await connected).toBeNull();
  const changed = next();
  await deployDraft('watched', 1, 0);
  expect(await changed).toBe('watched');
  connected = next();
  await terminateOthers(home.url);
  expect(await connected).toBeNull();
  abort.abort();
  await watching;
});

test('a server that is away is one typed error, and the same calls succeed once it is back', async () => {
  const away = openDatabase('postgresql://who:secret@127.0.0.1:1/millrace');
  await expect(away.apps.list()).rejects.toMatchObject({
    code: 'database-unreachable',
    address: '127.0.0.1:1/millrace',
  });
  await expect(away.deployments.desire('a', 'paused', actor)).rejects.toBeInstanceOf(DatabaseUnreachable);
  await expect(away.ping()).rejects.toMatchObject({
    code: 'database-unreachable',
    said: expect.not.stringContaining('secret'),
  });
  await away.close();
  await terminateOthers(home.url);
  const again = await home.database.apps.list().catch(() => home.database.apps.list());
  expect(again.length).toBeGreaterThan(0);
});

async function terminateOthers(url: string): Promise<void> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename = current_user',
  );
  await client.end();
}
