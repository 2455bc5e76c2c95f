import { AppExists } from './database-error.ts';
import { deploymentsChannel } from './deployments.ts';
import { type App, type Deployment, type Draft, Prisma, type PrismaClient, type Version } from './generated/client.ts';

/** An app with what the workspace's list says of it. */
export interface StoredApp extends App {
  readonly draft: Draft;
  /** The newest version; null: never deployed. */
  readonly newest: Version | null;
  readonly deployment: Deployment | null;
  /** The text of the version that should run; null: never deployed. */
  readonly deployedText: string | null;
}

export interface Apps {
  /** In order of their ids. */
  list(): Promise<StoredApp[]>;
  get(app: string): Promise<StoredApp | null>;
  /** Makes the app with its draft at revision 1. @throws AppExists */
  create(app: { id: string; text: string; actor: string; message: string }): Promise<StoredApp>;
  /** Forgets the app, its versions and its deployment; Kafka's topics and the audit stay. False: there was none. */
  remove(app: string, actor: string): Promise<boolean>;
}

const include = {
  draft: true,
  deployment: true,
  versions: { orderBy: { number: 'desc' }, take: 1 },
} satisfies Prisma.AppInclude;
type AppRow = Prisma.AppGetPayload<{ include: typeof include }>;

export function createApps(client: PrismaClient): Apps {
  return {
    async list() {
      const rows = await client.app.findMany({ include, orderBy: { id: 'asc' } });
      const deployed = rows.flatMap(({ deployment }) =>
        deployment ? [{ appId: deployment.appId, number: deployment.version }] : [],
      );
      const versions = deployed.length === 0 ? [] : await client.version.findMany({ where: { OR: deployed } });
      const texts = new Map(versions.map((version) => [version.appId, version.text]));
      return rows.flatMap((row) => stored(row, texts.get(row.id) ?? null) ?? []);
    },

    async get(id) {
      const row = await client.app.findUnique({ where: { id }, include });
      if (row === null) return null;
      const { deployment } = row;
      const version =
        deployment &&
        (await client.version.findUnique({ where: { appId_number: { appId: id, number: deployment.version } } }));
      return stored(row, version?.text ?? null);
    },

    async create({ id, text, actor, message }) {
      try {
        return await client.$transaction(async (tx) => {
          const app = await tx.app.create({ data: { id } });
          const draft = await tx.draft.create({ data: { appId: id, text } });
          await tx.auditEvent.create({ data: { appId: id, actor, kind: 'app-created', message } });
          return { ...app, draft, newest: null, deployment: null, deployedText: null };
        });
      } catch (error) {
        if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') throw new AppExists(id);
        throw error;
      }
    },

    async remove(id, actor) {
      return client.$transaction(async (tx) => {
        const { count } = await tx.app.deleteMany({ where: { id } });
        if (count === 0) return false;
        await tx.auditEvent.create({ data: { appId: id, actor, kind: 'app-removed', message: `Removed ${id}` } });
        await tx.$executeRaw`SELECT pg_notify(${deploymentsChannel}, ${id})`;
        return true;
      });
    },
  };
}

function stored(row: AppRow, deployedText: string | null): StoredApp | null {
  const { draft, versions, ...app } = row;
  return draft === null ? null : { ...app, draft, newest: versions[0] ?? null, deployedText };
}
