'use client';
import type { HealthEntity } from '@millrace/protocol';
import { RefreshCw } from 'lucide-react';
import { useEffect, useState } from 'react';
import { retryConnections } from '#lib/api-client/engine.ts';
import { inWords } from '#lib/api-client/request.ts';
import { useChannel, useConnectionState, useEntity } from '#lib/engine-client/index.ts';
import { formatClock, formatSpan } from '#lib/format.ts';
import { Button } from '#ui/button.tsx';
import { ErrorBanner } from '#ui/error-banner.tsx';

/** The clock, once a second, in the browser alone; 0 before. */
export function useNow(everyMs = 1000): number {
  const [now, setNow] = useState(0);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** A loss shorter than this is mended before anyone could read about it. */
const patienceMs = 2500;

/** What of the engine, Kafka and Postgres does not answer: since when, what was tried, what it means, and when it is tried again. And that the disk is full. */
export function HealthBanners() {
  const connection = useConnectionState();
  const workspace = useChannel({ channel: 'workspace' });
  const kafka = useEntity(workspace, 'health', 'health:kafka');
  const postgres = useEntity(workspace, 'health', 'health:postgres');
  const disk = useEntity(workspace, 'health', 'health:disk');
  const now = useNow();
  if (connection.kind === 'refused') {
    return (
      <ErrorBanner
        title="This page is of another version"
        actions={<Button onClick={() => location.reload()}>Load again</Button>}
      >
        {connection.message}
      </ErrorBanner>
    );
  }
  if (
    (connection.kind === 'lost' || connection.kind === 'connecting') &&
    connection.sinceMs > 0 &&
    now - connection.sinceMs > patienceMs
  ) {
    return (
      <ErrorBanner title="The engine does not answer" icon="unplugged" tone="warn">
        since {formatClock(connection.sinceMs)}, {formatSpan(now - connection.sinceMs)} ago. Figures are the last seen.
        Drafts are safe and can be edited. It is tried again every few seconds.
      </ErrorBanner>
    );
  }
  return (
    <>
      {kafka && !kafka.ok && <Unreachable name="Kafka" health={kafka} now={now} />}
      {postgres && !postgres.ok && <Unreachable name="Postgres" health={postgres} now={now} />}
      {disk && !disk.ok && (
        <ErrorBanner title="The disk is nearly full" tone="warn">
          since {formatClock(disk.sinceMs)}: {disk.message}.
        </ErrorBanner>
      )}
    </>
  );
}

const means: Record<'Kafka' | 'Postgres', string> = {
  Kafka: 'Figures are the last seen. Your draft is safe and can be edited.',
  Postgres: 'Apps run on; nothing can be saved or deployed.',
};

function Unreachable({
  name,
  health,
  now,
}: {
  readonly name: 'Kafka' | 'Postgres';
  readonly health: HealthEntity;
  readonly now: number;
}) {
  const [failure, setFailure] = useState<string>();
  const retry = () =>
    retryConnections().then(
      () => setFailure(undefined),
      (cause: unknown) => setFailure(inWords(cause)),
    );
  return (
    <ErrorBanner
      title={`${name} does not answer`}
      icon="unplugged"
      actions={
        <>
          {health.nextTryMs !== null && now > 0 && (
            <span className="text-12 whitespace-nowrap text-text-2 tabular">
              {health.nextTryMs > now
                ? `next try in ${Math.ceil((health.nextTryMs - now) / 1000)} s`
                : 'being tried now'}
            </span>
          )}
          <Button icon={<RefreshCw aria-hidden="true" size={13} />} onClick={() => void retry()}>
            Try now
          </Button>
        </>
      }
    >
      <span title={health.attempts.map((attempt) => `${attempt.address}: ${attempt.said}`).join('\n')}>
        since {formatClock(health.sinceMs)}
        {now > 0 && `, ${formatSpan(now - health.sinceMs)} ago`}. {health.message}. {means[name]} {failure}
      </span>
    </ErrorBanner>
  );
}
