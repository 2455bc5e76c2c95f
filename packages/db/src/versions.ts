import type { PrismaClient, Version } from './generated/client.ts';

/** A version without its text, as lists show it. */
export type VersionSummaryRow = Omit<Version, 'text'>;

export interface Versions {
  /** Newest first. */
  list(app: string): Promise<VersionSummaryRow[]>;
  get(app: string, number: number): Promise<Version | null>;
  newest(app: string): Promise<Version | null>;
}

export function createVersions(client: PrismaClient): Versions {
  return {
    list: async (appId) =>
      client.version.findMany({ where: { appId }, orderBy: { number: 'desc' }, omit: { text: true } }),
    get: async (appId, number) => client.version.findUnique({ where: { appId_number: { appId, number } } }),
    newest: async (appId) => client.version.findFirst({ where: { appId }, orderBy: { number: 'desc' } }),
  };
}
