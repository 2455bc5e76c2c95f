import type { Plan } from '@millrace/dataflow';
import type { Database, StoredApp } from '@millrace/db';
import { applyRequest, deployRequest, planRequest, validateRequest } from '@millrace/protocol';
import type { AppDocument } from '@millrace/spec';
import { z } from 'zod';
import { deploymentState } from './app-views.ts';
import { namedApp } from './apps.ts';
import { readDocument, readDraft } from './drafted-document.ts';
import { existingTopics } from './existing-topics.ts';
import { planAgainst } from './plan.ts';
import { invalid, notFound, Refusal } from './refusal.ts';
import { routeWithBody } from './route.ts';

export const postValidate = routeWithBody(validateRequest, ({ body }) => {
  const { problems } = readDocument(body.text);
  return { ok: problems.every(({ severity }) => severity !== 'error'), problems };
});

/** The plan of any text, against what is deployed of the app that it names. */
export const postPlan = routeWithBody(z.object({ text: z.string().max(1_000_000) }), async ({ body, database }) => {
  const { document, problems } = readDocument(body.text);
  if (document === null || problems.some(({ severity }) => severity === 'error')) throw invalid(problems);
  const app = await database().apps.get(document.app);
  return { plan: planAgainst(app, document, nextVersion(app, body.text), await existingTopics()), problems };
});

export const postAppPlan = routeWithBody(planRequest, async (call) => {
  const app = await namedApp(call);
  const { text, version } = await chosenText(call.database(), app, call.body);
  const { document, problems } = deployable(app.id, text);
  return { plan: planAgainst(app, document, version, await existingTopics()), problems };
});

export const postDeploy = routeWithBody(deployRequest, async (call) => {
  const { body, actor } = call;
  const app = await namedApp(call);
  if (body.baseRevision !== undefined && body.baseRevision !== app.draft.revision) {
    const { revision, text } = app.draft;
    throw new Refusal(
      409,
      'stale-draft',
      `The draft of ${app.id} is at revision ${revision} by now. Nothing was deployed.`,
      { current: { revision, text } },
    );
  }
  return deploy(call.database(), app, body, actor);
});

const applyAttempts = 3;

/** The text becomes the draft, whatever the draft was, and is deployed; refused, it changes nothing. */
export const postApply = routeWithBody(applyRequest, async ({ body, actor, database }) => {
  const { document, problems } = readDocument(body.text);
  if (document === null || problems.some(({ severity }) => severity === 'error')) throw invalid(problems);
  const { apps, drafts } = database();
  for (let attempt = 1; ; attempt++) {
    const before = await apps.get(document.app);
    const plan = planAgainst(before, document, nextVersion(before, body.text), await existingTopics());
    const confirm = body.confirm === 'all' ? plan.confirmations.map(({ element }) => element) : body.confirm;
    requireConfirmations(plan, confirm);
    try {
      if (before === null)
        await apps.create({ id: document.app, text: body.text, actor, message: `Created ${document.app} from text` });
      else await drafts.save({ app: before.id, text: body.text, baseRevision: before.draft.revision });
      const app = await apps.get(document.app);
      if (app === null) throw notFound(`app ${document.app}`);
      return await deploy(database(), app, { message: body.message, confirm }, actor);
    } catch (error) {
      const overtaken =
        error instanceof Error &&
        'code' in error &&
        ['stale-draft', 'deployment-moved', 'app-exists'].includes(String(error.code));
      if (!overtaken || attempt === applyAttempts) throw error;
    }
  }
});

interface Wanted {
  readonly version?: number | undefined;
  readonly message: string;
  readonly confirm: readonly string[];
}

async function deploy(
  database: Database,
  app: StoredApp,
  { version, message, confirm }: Wanted,
  actor: string,
): Promise<Response> {
  const chosen = await chosenText(database, app, { version });
  const { document } = deployable(app.id, chosen.text);
  const plan = planAgainst(app, document, chosen.version, await existingTopics());
  requireConfirmations(plan, confirm);
  const deployment = await database.deployments.deploy({
    app: app.id,
    source: version === undefined ? { draftRevision: app.draft.revision } : { version },
    baseGeneration: app.deployment?.generation ?? 0,
    message,
    confirmed: confirm,
    actor,
  });
  const reply = { app: app.id, version: deployment.version, deployment: deploymentState(deployment), plan };
  return Response.json(reply, { status: 202, headers: { 'cache-control': 'no-store' } });
}

/** A text that was sent, an older version, or the draft; and the number it has or will have. */
async function chosenText(
  database: Database,
  app: StoredApp,
  wanted: { text?: string | undefined; version?: number | undefined },
) {
  if (wanted.version === undefined) {
    const text = wanted.text ?? app.draft.text;
    return { text, version: nextVersion(app, text) };
  }
  const version = await database.versions.get(app.id, wanted.version);
  if (version === null) throw notFound(`version ${wanted.version} of ${app.id}`);
  return { text: version.text, version: version.number };
}

function nextVersion(app: StoredApp | null, text: string): number {
  if (app?.newest == null) return 1;
  return app.newest.text === text ? app.newest.number : app.newest.number + 1;
}

/** @throws Refusal 400 with the problems */
function deployable(
  app: string,
  text: string,
): { document: AppDocument; problems: ReturnType<typeof readDraft>['problems'] } {
  const draft = readDraft(app, text);
  if (draft.document === null || !draft.deployable) throw invalid(draft.problems);
  return { document: draft.document, problems: draft.problems };
}

function requireConfirmations(plan: Plan, confirmed: readonly string[]): void {
  const missing = plan.confirmations.filter(({ element }) => !confirmed.includes(element));
  if (missing.length === 0) return;
  throw new Refusal(409, 'needs-confirmation', missing.map(({ message }) => message).join(' '), {
    hint: `State would be lost. To deploy all the same, confirm: ${missing.map(({ element }) => element).join(', ')}.`,
    plan,
  });
}
