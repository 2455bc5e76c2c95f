'use client';
import type { Plan } from '@millrace/dataflow';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatSpan, plural } from '#lib/format.ts';

/** The plan in five facts. */
export function PlanSummary({ plan }: { readonly plan: Plan }) {
  const dropped = plan.elements.filter(
    (element) => element.state.fate === 'dropped' || element.state.fate === 'starts-empty',
  );
  const kept = plan.elements.filter((element) => element.kind === 'table' && element.state.fate === 'kept');
  const how = {
    none: ['Nothing', 'changes'],
    swap: ['Swapped', 'between batches'],
    rejoin: ['Rejoins', 'its group'],
    start: ['Starts', 'from nothing'],
  }[plan.how];
  return (
    <dl className="grid grid-cols-5 divide-x divide-line border-b border-line max-lg:grid-cols-3">
      <Fact
        label="Expected pause"
        value={
          plan.expectedPause.kind === 'none' ? (
            <span className="flex items-center gap-1.5 text-accent">
              <Check aria-hidden="true" size={14} />
              None
            </span>
          ) : (
            <span className="text-warn">about {formatSpan(plan.expectedPause.aboutMs)}</span>
          )
        }
      />
      <Fact label="How" value={how[0]} unit={how[1]} />
      <Fact
        label="Topics to create"
        value={plan.topicsToCreate.length}
        title={plan.topicsToCreate.map((topic) => `${topic.name}, ${plural(topic.partitions, 'partition')}`).join('\n')}
      />
      <Fact
        label="State"
        value={
          dropped.length > 0 ? (
            <span className="text-bad">{plural(dropped.length, 'element')} lost</span>
          ) : kept.length > 0 ? (
            `${plural(kept.length, 'table')} kept`
          ) : (
            'None yet'
          )
        }
      />
      <Fact label="Other apps" value="Run on" unit="untouched" />
    </dl>
  );
}

function Fact({
  label,
  value,
  unit,
  title,
}: {
  readonly label: string;
  readonly value: ReactNode;
  readonly unit?: string | undefined;
  readonly title?: string;
}) {
  return (
    <div className="min-w-0 px-5 py-2" title={title}>
      <dt className="text-11 text-text-2">{label}</dt>
      <dd className="truncate text-15 leading-6 font-semibold">
        {value}
        {unit !== undefined && <span className="text-12 font-normal text-text-2"> {unit}</span>}
      </dd>
    </div>
  );
}
