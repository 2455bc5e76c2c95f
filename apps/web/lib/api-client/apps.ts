import type { deployRequest } from '@millrace/protocol';
import type * as z from 'zod';
import { request } from './request.ts';

const appPath = (app: string): string => `/apps/${encodeURIComponent(app)}`;

export type CreateApp =
  | { readonly app: string }
  | { readonly template: string; readonly app?: string }
  | { readonly text: string };

export const listApps = async (signal?: AbortSignal) =>
  (await request('appList', '/apps', { ...(signal && { signal }) })).apps;
export const getApp = (app: string, signal?: AbortSignal) =>
  request('appDetail', appPath(app), { ...(signal && { signal }) });
export const createApp = (body: CreateApp) => request('appDetail', '/apps', { method: 'POST', body });
export const deleteApp = (app: string) => request(null, appPath(app), { method: 'DELETE' });
/** Throws `ApiFailure` `stale-draft` with what is there now. */
export const saveDraft = (app: string, text: string, baseRevision: number) =>
  request('savedDraft', `${appPath(app)}/draft`, { method: 'PUT', body: { text, baseRevision } });
export const planApp = (app: string, body: { readonly text?: string; readonly version?: number }) =>
  request('planReply', `${appPath(app)}/plan`, { method: 'POST', body });
export const deployApp = (app: string, body: z.input<typeof deployRequest>) =>
  request('deployReply', `${appPath(app)}/deploy`, { method: 'POST', body });
export const setDesired = (app: string, desired: 'running' | 'paused' | 'stopped') =>
  request('deploymentState', `${appPath(app)}/desired`, { method: 'POST', body: { desired } });
export const listVersions = async (app: string) => (await request('versionList', `${appPath(app)}/versions`)).versions;
export const getVersion = (app: string, version: number) =>
  request('versionText', `${appPath(app)}/versions/${version}`);
export const listEvents = async (app: string) => (await request('eventList', `${appPath(app)}/events`)).events;
export const listTemplates = async () => (await request('templateList', '/templates')).templates;
export const exportUrl = (app: string): string => `/api/v1${appPath(app)}/export`;
