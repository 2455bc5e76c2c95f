import { loadTemplates } from '@millrace/examples';
import type { Template } from '@millrace/protocol';
import { notFound } from './refusal.ts';
import { route } from './route.ts';

const templates = (): Template[] => loadTemplates().map((template) => ({ ...template, topics: [...template.topics] }));

export const listTemplates = route(() => ({ templates: templates() }));

/** @throws Refusal 404 */
export function findTemplate(id: string): Template {
  const template = templates().find((candidate) => candidate.id === id);
  if (template === undefined) throw notFound(`template ${id}`);
  return template;
}
