'use client';
import { parseDocument } from '@millrace/spec';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { getVersion } from '#lib/api-client/apps.ts';
import { appQuery } from '#lib/api-client/queries.ts';

/** The app as the API tells it, and the document of the version that runs, or should. */
export function useEditorApp(app: string) {
  const detail = useQuery({
    ...appQuery(app),
    refetchInterval: (query) => (query.state.data?.deployment?.outcome === 'pending' ? 700 : 5000),
    retry: 1,
  });
  const deployment = detail.data?.deployment;
  const version = deployment ? (deployment.runningVersion ?? deployment.version) : null;
  const text = useQuery({
    queryKey: ['apps', app, 'versions', version],
    queryFn: () => getVersion(app, version ?? 0),
    enabled: version !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const deployed = useMemo(() => (text.data ? parseDocument(text.data.text).document : null), [text.data]);
  // Until it is known what is deployed, nothing is called new.
  return { detail, deployed, known: version === null || !text.isPending };
}
