import { apiPrefix, createApp, desiredRequest, saveDraft } from '@millrace/protocol';
import { applyEdits, idProblem, newDocumentText } from '@millrace/spec';
import type { z } from 'zod';
import { appDetail, appSummary, deploymentState, versionSummary } from './app-views.ts';
import { readDocument, readDraft } from './drafted-document.ts';
import { invalid, notFound, Refusal } from './refusal.ts';
import { type Call, route, routeWithBody } from './route.ts';
import { findTemplate } from './templates.ts';

/** The app that the path names. @throws Refusal 404 */
export async function namedApp({ params, database }: Pick<Call, 'params' | 'database'>) {
  const id = params.app ?? '';
  const app = await database().apps.get(id);
  if (app === null) throw notFound(`app ${id}`);
  return app;
}

export const listApps = route(async ({ database }) => ({ apps: (await database().apps.list()).map(appSummary) }));

export const getApp = route(async (call) => {
  const app = await namedApp(call);
  return appDetail(app, await call.database().versions.list(app.id));
});

export const postApp = routeWithBody(createApp, async ({ body, actor, database }) => {
  const { id, text, message } = startingPoint(body);
  const app = await database().apps.create({ id, text, actor, message });
  const headers = { 'cache-control': 'no-store', location: `${apiPrefix}/apps/${id}` };
  return Response.json(appDetail(app, []), { status: 201, headers });
});

function startingPoint(body: z.output<typeof createApp>): { id: string; text: string; message: string } {
  if ('text' in body) {
    const { document, problems } = readDocument(body.text);
    if (document === null || problems.some(({ severity }) => severity === 'error')) throw invalid(problems);
    return { id: document.app, text: body.text, message: `Created ${document.app} from text` };
  }
  if ('template' in body) {
    const template = findTemplate(body.template);
    const id = checkedId(body.app ?? template.id);
    return {
      id,
      text: applyEdits(template.text, [{ path: ['app'], value: id }]),
      message: `Created ${id} from the template ${template.title}`,
    };
  }
  const id = checkedId(body.app);
  return { id, text: newDocumentText(id), message: `Created ${id}` };
}

function checkedId(id: string): string {
  const said = idProblem(id);
  if (said === null) return id;
  throw invalid([{ code: 'bad-id', severity: 'error', path: ['app'], message: said }]);
}

export const deleteApp = route(async (call) => {
  const app = await namedApp(call);
  const { deployment } = app;
  const ended = deployment === null || (deployment.desired === 'stopped' && deployment.outcome !== 'pending');
  if (!ended) {
    throw new Refusal(409, 'app-running', `${app.id} has not stopped.`, {
      hint: 'Stop it first; then nothing writes to its topics any more.',
    });
  }
  await call.database().apps.remove(app.id, call.actor);
  return new Response(null, { status: 204 });
});

export const putDraft = routeWithBody(saveDraft, async (call) => {
  const { body, params, database } = call;
  const app = params.app ?? '';
  const draft = await database().drafts.save({ app, ...body });
  if (draft === null) throw notFound(`app ${app}`);
  return {
    revision: draft.revision,
    savedAt: draft.savedAt.toISOString(),
    problems: readDraft(app, draft.text).problems,
  };
});

export const postDesired = routeWithBody(desiredRequest, async (call) => {
  const app = await namedApp(call);
  const deployment = await call.database().deployments.desire(app.id, call.body.desired, call.actor);
  if (deployment === null)
    throw new Refusal(409, 'not-deployed', `${app.id} was never deployed.`, { hint: 'Deploy it first.' });
  return deploymentState(deployment);
});

export const listVersions = route(async (call) => {
  const app = await namedApp(call);
  return { versions: (await call.database().versions.list(app.id)).map(versionSummary) };
});

export const getVersion = route(async (call) => {
  const version = await namedVersion(call, call.params.version ?? '');
  return { ...versionSummary(version), text: version.text };
});

export const exportApp = route(async (call) => {
  const wanted = call.query.get('version');
  const [name, text] =
    wanted === null
      ? await namedApp(call).then((app) => [app.id, app.draft.text] as const)
      : await namedVersion(call, wanted).then(
          (version) => [`${version.appId}-v${version.number}`, version.text] as const,
        );
  const headers = {
    'content-type': 'text/yaml; charset=utf-8',
    'content-disposition': `attachment; filename="${name}.yaml"`,
    'cache-control': 'no-store',
  };
  return new Response(text, { headers });
});

const maxEvents = 100;

export const listEvents = route(async (call) => {
  const app = await namedApp(call);
  const events = await call.database().audit.list({ app: app.id, limit: maxEvents });
  return { events: events.map(({ appId, at, ...event }) => ({ ...event, app: appId, at: at.toISOString() })) };
});

async function namedVersion({ params, database }: Call, number: string) {
  const version = /^[1-9]\d{0,8}$/.test(number)
    ? await database().versions.get(params.app ?? '', Number(number))
    : null;
  if (version === null) throw notFound(`version ${number} of ${params.app}`);
  return version;
}
