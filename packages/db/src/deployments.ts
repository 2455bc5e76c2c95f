import { DeploymentMoved, StaleDraft } from './database-error.ts';
import type { Deployment, Desired, Outcome, Prisma, PrismaClient } from './generated/client.ts';

/** What should run, with the text of its version. */
export interface DesiredDeployment extends Deployment {
  readonly text: string;
}

export interface DeployRequest {
  readonly app: string;
  /** The draft at this revision, as a new version unless it equals the newest; or an older version again. */
  readonly source: { readonly draftRevision: number } | { readonly version: number };
  /** The generation that the plan was made against; 0: nothing was deployed. */
  readonly baseGeneration: number;
  readonly message: string;
  /** Elements whose loss of state a person confirmed. */
  readonly confirmed: readonly string[];
  readonly actor: string;
}

export interface Observation {
  readonly outcome: Exclude<Outcome, 'pending'>;
  readonly runningVersion: number | null;
  /** Why it failed, in words. */
  readonly reason: string | null;
}

export interface Deployments {
  /** All of them, with their texts: what an engine reconciles against. */
  list(): Promise<DesiredDeployment[]>;
  get(app: string): Promise<DesiredDeployment | null>;
  /**
   * Makes the version, says that it should run, and tells the engines: all or nothing.
   * @throws StaleDraft, DeploymentMoved when what was read is no longer so.
   */
  deploy(request: DeployRequest): Promise<Deployment>;
  /** Running, paused or stopped; the version stays. Asking for what is so already changes nothing. Null: never deployed. */
  desire(app: string, desired: Desired, actor: string): Promise<Deployment | null>;
  /** An engine's word on a generation. One that is older than what should be by now does not settle it. */
  observe(app: string, generation: number, observation: Observation): Promise<void>;
}

export const deploymentsChannel = 'millrace_deployments';

export function createDeployments(client: PrismaClient): Deployments {
  const texts = async (deployments: Deployment[]): Promise<DesiredDeployment[]> => {
    if (deployments.length === 0) return [];
    const OR = deployments.map(({ appId, version }) => ({ appId, number: version }));
    const versions = new Map(
      (await client.version.findMany({ where: { OR } })).map((version) => [version.appId, version.text]),
    );
    return deployments.flatMap((deployment) => {
      const text = versions.get(deployment.appId);
      return text === undefined ? [] : [{ ...deployment, text }]; // removed between the two reads
    });
  };

  return {
    list: async () => texts(await client.deployment.findMany({ orderBy: { appId: 'asc' } })),

    async get(appId) {
      const deployment = await client.deployment.findUnique({ where: { appId } });
      return deployment && ((await texts([deployment]))[0] ?? null);
    },

    deploy: async (request) => client.$transaction((tx) => deploy(tx, request)),

    async desire(appId, desired, actor) {
      return client.$transaction(async (tx) => {
        await lock(tx, appId);
        const before = await tx.deployment.findUnique({ where: { appId } });
        if (before === null || (before.desired === desired && before.outcome !== 'failed')) return before;
        const deployment = await tx.deployment.update({
          where: { appId },
          data: { desired, actor, confirmed: [], generation: { increment: 1 }, outcome: 'pending', reason: null },
        });
        const message = { running: 'Resumed', paused: 'Paused', stopped: 'Stopped' }[desired];
        await tx.auditEvent.create({
          data: { appId, actor, kind: `app-${desired}`, message: `${message} v${deployment.version}` },
        });
        await notify(tx, appId);
        return deployment;
      });
    },

    async observe(appId, generation, { outcome, runningVersion, reason }) {
      const settled = await client.deployment.updateMany({
        where: { appId, generation },
        data: { observedGeneration: generation, outcome, runningVersion, reason },
      });
      if (settled.count > 0) return;
      await client.deployment.updateMany({
        where: { appId, generation: { gt: generation }, observedGeneration: { lt: generation } },
        data: { observedGeneration: generation, runningVersion },
      });
    },
  };
}

async function deploy(tx: Prisma.TransactionClient, request: DeployRequest): Promise<Deployment> {
  const { app: appId, source, baseGeneration, message, actor } = request;
  await lock(tx, appId);
  const before = await tx.deployment.findUnique({ where: { appId } });
  if ((before?.generation ?? 0) !== baseGeneration) throw new DeploymentMoved(appId);
  const version = 'version' in source ? source.version : await versionOfDraft(tx, request, source.draftRevision);
  const desired = {
    version,
    desired: 'running' as const,
    confirmed: [...request.confirmed],
    actor,
    deployedAt: new Date(),
  };
  const deployment = await tx.deployment.upsert({
    where: { appId },
    create: { appId, ...desired },
    update: { ...desired, generation: { increment: 1 }, outcome: 'pending', reason: null },
  });
  await tx.auditEvent.create({
    data: {
      appId,
      actor,
      kind: 'deploy',
      message: `Deployed v${version}${message === '' ? '' : `: ${message}`}`,
      detail: { version, generation: deployment.generation },
    },
  });
  await notify(tx, appId);
  return deployment;
}

async function versionOfDraft(tx: Prisma.TransactionClient, request: DeployRequest, revision: number): Promise<number> {
  const { app: appId, message, actor } = request;
  const draft = await tx.draft.findUnique({ where: { appId } });
  if (draft === null || draft.revision !== revision) throw new StaleDraft(appId, draft ?? { revision: 0, text: '' });
  const newest = await tx.version.findFirst({ where: { appId }, orderBy: { number: 'desc' } });
  if (newest?.text === draft.text) return newest.number;
  const number = (newest?.number ?? 0) + 1;
  await tx.version.create({ data: { appId, number, text: draft.text, message, actor } });
  return number;
}

/** Deploys of one app follow one another: two at once would make the same version number. */
async function lock(tx: Prisma.TransactionClient, appId: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM "App" WHERE "id" = ${appId} FOR UPDATE`;
}

async function notify(tx: Prisma.TransactionClient, appId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify(${deploymentsChannel}, ${appId})`;
}
