import { loadTemplates } from '@millrace/examples';
import type { Template } from '@millrace/protocol';
import { notFound } from './refusal.ts';
import { route } from './route.ts';

export const listTemplates = route(async () => ({ templates: await loadTemplates() }));

/** @throws Refusal 404 */
export async function findTemplate(id: string): Promise<Template> {
  const template = (await loadTemplates()).find((candidate) => candidate.id === id);
  if (template === undefined) throw notFound(`template ${id}`);
  return template;
}
