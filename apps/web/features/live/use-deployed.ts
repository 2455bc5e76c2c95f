'use client';
import type { AppDetail } from '@millrace/protocol';
import { type AppDocument, parseDocument } from '@millrace/spec';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { getVersion } from '#lib/api-client/apps.ts';
import { appQuery } from '#lib/api-client/queries.ts';

const versionQuery = (app: string, version: number | null) =>
  queryOptions({
    queryKey: ['apps', app, 'versions', version],
    queryFn: () => (version === null ? null : getVersion(app, version)),
    enabled: version !== null,
    staleTime: Number.POSITIVE_INFINITY, // a version never changes
  });

export interface Deployed {
  readonly detail: AppDetail | undefined;
  /** Of the version that runs or should; of the draft where nothing was ever deployed. Null: it does not parse, or is not there yet. */
  readonly document: AppDocument | null;
  readonly isPending: boolean;
  readonly error: Error | null;
}

/** What an app's live figures are figures of. Null: no app. */
export function useDeployed(app: string | null): Deployed {
  const detail = useQuery({ ...appQuery(app ?? ''), enabled: app !== null, refetchInterval: 5000 });
  const deployment = detail.data?.deployment ?? null;
  const number = deployment === null ? null : (deployment.runningVersion ?? deployment.version);
  const version = useQuery(versionQuery(app ?? '', number));
  const text = number === null ? detail.data?.text : version.data?.text;
  const document = useMemo(() => (text === undefined ? null : parseDocument(text).document), [text]);
  return {
    detail: detail.data,
    document,
    isPending: detail.isPending || (number !== null && version.isPending),
    error: detail.error ?? version.error,
  };
}
