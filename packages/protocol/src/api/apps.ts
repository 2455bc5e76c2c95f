import type { Plan } from '@millrace/dataflow';
import * as z from 'zod';
import { rawProblem } from './error.ts';

export const deploymentState = z.object({
  version: z.number().int(),
  desired: z.enum(['running', 'paused', 'stopped']),
  /** Rises with every change of what should be. */
  generation: z.number().int(),
  /** What the engine made of it. `settled`: as desired. */
  outcome: z.enum(['pending', 'settled', 'failed']),
  runningVersion: z.number().int().nullable(),
  reason: z.string().nullable(),
  deployedAt: z.iso.datetime(),
  actor: z.string(),
});
export type DeploymentState = z.infer<typeof deploymentState>;

export const appSummary = z.object({
  app: z.string(),
  label: z.string().nullable(),
  description: z.string().nullable(),
  draft: z.object({
    revision: z.number().int(),
    savedAt: z.iso.datetime(),
    /** Elements that differ from the deployed version. */ changes: z.number().int(),
    problems: z.number().int(),
  }),
  latestVersion: z.number().int().nullable(),
  deployment: deploymentState.nullable(),
  topics: z.array(z.string()),
  tables: z.array(z.string()),
});
export type AppSummary = z.infer<typeof appSummary>;

export const versionSummary = z.object({
  version: z.number().int(),
  message: z.string(),
  createdAt: z.iso.datetime(),
  actor: z.string(),
});
export type VersionSummary = z.infer<typeof versionSummary>;

export const appDetail = appSummary.extend({
  text: z.string(),
  problems: z.array(rawProblem),
  versions: z.array(versionSummary),
});
export type AppDetail = z.infer<typeof appDetail>;

/** One of: an empty app by name, a template, or a document's text. */
export const createApp = z.union([
  z.object({ template: z.string(), app: z.string().optional() }),
  z.object({ text: z.string() }),
  // Last, as the first that fits is taken: a template's may name the app too.
  z.object({ app: z.string() }),
]);
export const saveDraft = z.object({
  text: z.string().max(1_000_000),
  /** The revision that the edit was made on. */ baseRevision: z.number().int(),
});
export const savedDraft = z.object({
  revision: z.number().int(),
  savedAt: z.iso.datetime(),
  problems: z.array(rawProblem),
});
export const validateRequest = z.object({ text: z.string().max(1_000_000) });
export const validateReply = z.object({ ok: z.boolean(), problems: z.array(rawProblem) });
export const planRequest = z.object({ text: z.string().optional(), version: z.number().int().optional() });
export const planReply = z.object({
  plan: z.custom<Plan>((value) => typeof value === 'object' && value !== null),
  problems: z.array(rawProblem),
});
/** Deploys the draft (as a new version, unless it equals the newest) or an older version again. */
export const deployRequest = z.object({
  baseRevision: z.number().int().optional(),
  version: z.number().int().optional(),
  message: z.string().max(500).default(''),
  /** Elements whose loss of state was confirmed. */
  confirm: z.array(z.string()).default([]),
});
/** `millrace apply`: create or update the draft, and deploy it. */
export const applyRequest = z.object({
  text: z.string().max(1_000_000),
  message: z.string().max(500).default(''),
  confirm: z.union([z.array(z.string()), z.literal('all')]).default([]),
});
export const deployReply = z.object({
  app: z.string(),
  version: z.number().int(),
  deployment: deploymentState,
  plan: z.custom<Plan>((value) => typeof value === 'object' && value !== null),
});
export const desiredRequest = z.object({ desired: z.enum(['running', 'paused', 'stopped']) });
export const auditEvent = z.object({
  id: z.number().int(),
  app: z.string().nullable(),
  at: z.iso.datetime(),
  actor: z.string(),
  kind: z.string(),
  message: z.string(),
  detail: z.unknown(),
});
export type AuditEvent = z.infer<typeof auditEvent>;
export const template = z.object({
  id: z.string(),
  title: z.string(),
  summary: z.string(),
  topics: z.array(z.string()),
  generator: z.string().nullable(),
  text: z.string(),
});
export type Template = z.infer<typeof template>;
