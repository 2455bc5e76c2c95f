'use client';
import { useMutation } from '@tanstack/react-query';
import { Check, Lock, Pause, RefreshCw, Unplug } from 'lucide-react';
import type { ReactNode } from 'react';
import { retryConnections } from '#lib/api-client/engine.ts';
import { inWords } from '#lib/api-client/request.ts';
import { useChannel, useEntities, useEntity } from '#lib/engine-client/index.ts';
import { formatClock, plural } from '#lib/format.ts';
import { Button } from '#ui/button.tsx';
import { FieldError } from '#ui/field.tsx';
import { Section } from '#ui/section.tsx';
import { useEditorServices } from './editor-context.tsx';

/** In the inspector's place while Kafka is silent: what was tried, what it means for records and state, and the way out. */
export function SilentKafka() {
  const { detail } = useEditorServices();
  const workspace = useChannel({ channel: 'workspace' });
  const kafka = useEntity(workspace, 'health', 'health:kafka');
  const apps = useEntities(workspace, 'app');
  const retry = useMutation({ mutationFn: retryConnections });
  if (!kafka) return null;
  const others = apps.filter((app) => app.app !== detail.app && app.version !== null).length;
  const version = detail.deployment?.runningVersion;
  return (
    <aside
      aria-label="Connection to Kafka"
      className="flex w-[352px] shrink-0 flex-col overflow-y-auto border-l border-line bg-surface max-wide:w-72"
    >
      <header className="flex h-[46px] shrink-0 items-center gap-2 border-b border-line px-4">
        <Unplug aria-hidden="true" size={16} className="text-bad" />
        <h2 className="text-15 leading-6 font-semibold">Connection to Kafka</h2>
      </header>
      <p className="border-b border-line px-4 py-3 text-15">{kafka.message}</p>
      <Section title="What was tried">
        <ul className="rounded-control border border-line-2 bg-inset p-2.5 font-mono text-12 leading-[19px]">
          {kafka.attempts.map((attempt) => (
            <li key={`${attempt.address} ${attempt.atMs}`} className="flex gap-3">
              <span>{attempt.address}</span>
              <span className="min-w-0 flex-1 wrap-anywhere text-text-2">{attempt.said}</span>
              <span className="text-text-3">{formatClock(attempt.atMs)}</span>
            </li>
          ))}
          {kafka.attempts.length === 0 && <li className="text-text-3">nothing yet</li>}
        </ul>
      </Section>
      <Section title="What this means">
        <ul className="flex flex-col gap-1.5">
          <Fact icon={<Check aria-hidden="true" size={14} className="text-accent" />}>
            No records are lost: {version == null ? 'apps go on' : `v${version} goes on`} from the committed offsets
          </Fact>
          <Fact icon={<Check aria-hidden="true" size={14} className="text-accent" />}>
            Tables keep their state, in memory and changelog
          </Fact>
          <Fact icon={<Pause aria-hidden="true" size={14} className="text-text-2" />}>
            {detail.app}
            {others > 0 && ` and ${plural(others, 'other app')}`} {others > 0 ? 'stand' : 'stands'} still
          </Fact>
          <Fact icon={<Lock aria-hidden="true" size={14} className="text-text-2" />}>
            Deploying waits until Kafka is back; the draft can be edited
          </Fact>
        </ul>
      </Section>
      <Section title="Way out">
        <Button
          variant="primary"
          className="w-full"
          icon={<RefreshCw aria-hidden="true" size={14} />}
          disabled={retry.isPending}
          onClick={() => retry.mutate()}
        >
          Try now
        </Button>
        {retry.isError && <FieldError message={inWords(retry.error)} />}
      </Section>
    </aside>
  );
}

function Fact({ icon, children }: { readonly icon: ReactNode; readonly children: ReactNode }) {
  return (
    <li className="flex items-start gap-2">
      <span className="mt-[3px] shrink-0">{icon}</span>
      <span>{children}</span>
    </li>
  );
}
