import { StaleDraft } from './database-error.ts';
import type { Draft, PrismaClient } from './generated/client.ts';

export interface Drafts {
  get(app: string): Promise<Draft | null>;
  /**
   * Saves over `baseRevision` and no other. The same text again keeps the revision. Null: there is no such app.
   * @throws StaleDraft with what is there now.
   */
  save(draft: { app: string; text: string; baseRevision: number }): Promise<Draft | null>;
}

export function createDrafts(client: PrismaClient): Drafts {
  return {
    get: async (appId) => client.draft.findUnique({ where: { appId } }),

    async save({ app: appId, text, baseRevision }) {
      const before = await client.draft.findUnique({ where: { appId } });
      if (before === null) return null;
      // A save that was answered but whose answer was lost comes again.
      if (before.text === text) return before;
      const { count } = await client.draft.updateMany({
        where: { appId, revision: baseRevision },
        data: { text, revision: baseRevision + 1, savedAt: new Date() },
      });
      const current = await client.draft.findUnique({ where: { appId } });
      if (current === null) return null;
      if (count === 0) throw new StaleDraft(appId, current);
      return current;
    },
  };
}
