import { type AuditEvent, Prisma, type PrismaClient } from './generated/client.ts';

export interface NewAuditEvent {
  readonly app: string | null;
  /** A person, or the engine. */
  readonly actor: string;
  /** Stable, kebab-case: `deploy`, `app-paused`, `version-failed`, … */
  readonly kind: string;
  readonly message: string;
  readonly detail?: Prisma.InputJsonValue;
}

export interface Audit {
  record(event: NewAuditEvent): Promise<void>;
  /** Newest first, `limit` at most; of one app, or of all. */
  list(options: { app?: string; limit: number }): Promise<AuditEvent[]>;
}

export function createAudit(client: PrismaClient): Audit {
  return {
    async record({ app, detail, ...event }) {
      await client.auditEvent.create({ data: { ...event, appId: app, detail: detail ?? Prisma.DbNull } });
    },
    list: async ({ app, limit }) =>
      client.auditEvent.findMany({
        ...(app === undefined ? {} : { where: { appId: app } }),
        orderBy: { id: 'desc' },
        take: limit,
      }),
  };
}
