'use client';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { getApp, listApps, listEvents, listTemplates, listVersions } from './apps.ts';
import { listGenerators, listTopics } from './engine.ts';

/** Every question the pages ask, with its key: who changes something invalidates by the same key. */
export const appsQuery = queryOptions({
  queryKey: ['apps'],
  queryFn: ({ signal }) => listApps(signal),
  refetchInterval: 5000,
});
export const appQuery = (app: string) =>
  queryOptions({ queryKey: ['apps', app], queryFn: ({ signal }) => getApp(app, signal) });
export const versionsQuery = (app: string) =>
  queryOptions({ queryKey: ['apps', app, 'versions'], queryFn: () => listVersions(app) });
export const eventsQuery = (app: string) =>
  queryOptions({ queryKey: ['apps', app, 'events'], queryFn: () => listEvents(app), refetchInterval: 4000 });
export const templatesQuery = queryOptions({
  queryKey: ['templates'],
  queryFn: listTemplates,
  staleTime: Number.POSITIVE_INFINITY,
});
export const topicsQuery = queryOptions({ queryKey: ['topics'], queryFn: listTopics, refetchInterval: 5000 });
export const generatorsQuery = queryOptions({
  queryKey: ['generators'],
  queryFn: listGenerators,
  refetchInterval: 3000,
});

export const useApps = () => useQuery(appsQuery);
export const useTopics = () => useQuery(topicsQuery);
export const useTemplates = () => useQuery(templatesQuery);
export const useGenerators = () => useQuery(generatorsQuery);
