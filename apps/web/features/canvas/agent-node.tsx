'use client';
import type { Agent, Step } from '@millrace/spec';
import { type NodeProps, useUpdateNodeInternals } from '@xyflow/react';
import { Gauge } from 'lucide-react';
import { memo, useEffect } from 'react';
import { shortMessage } from '#features/editor/draft.ts';
import { problemAt, useEditor, useEditorServices } from '#features/editor/editor-context.tsx';
import { useEntity, useEntityValue } from '#lib/engine-client/index.ts';
import { formatRate, plural } from '#lib/format.ts';
import { cx } from '#ui/cx.ts';
import { OpIcon } from '#ui/op-icon.tsx';
import { headerHeight, portTop, stepHeight, widths } from './anatomy.ts';
import { NodeFrame, useElementProblems } from './node-frame.tsx';
import { Port } from './port.tsx';
import { operatorWord, shortType, stepWords } from './words.ts';

/** What comes in, a row per step, and how busy it is. */
export const AgentNode = memo(function AgentNode({ id, selected }: NodeProps) {
  const name = id.slice('agent:'.length);
  const agent = useEditor((state) => state.draft.reading?.document.agents[name]);
  const measure = useUpdateNodeInternals();
  const ports = agent?.steps.map((step) => `${step.op} ${step.id}`).join() ?? '';
  // Ports come, go and move with the steps; the canvas measures them anew.
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured when the ports change, though it needs only the id
  useEffect(() => measure(id), [measure, id, ports, agent?.from.kind]);
  if (!agent) return null;
  const node = { id, kind: 'agent' as const, name, element: agent };
  return (
    <NodeFrame id={id} width={widths.agent} selected={selected}>
      <div className="flex h-[30px] items-center gap-2 border-b border-line px-2.5">
        <SourceWords agent={agent} />
        <Tasks agent={name} changes={agent.from.kind === 'changes'} />
      </div>
      {agent.steps.map((step, index) => (
        <StepRow key={step.id} agent={name} step={step} index={index} />
      ))}
      {agent.steps.length === 0 && (
        <p style={{ height: stepHeight }} className="flex items-center px-2.5 text-text-3">
          No steps yet
        </p>
      )}
      <AgentFooter agent={name} />
      {agent.from.kind === 'changes' ? (
        <Port id="in" type="target" side="top" label={`Into ${name}`} />
      ) : (
        <Port id="in" type="target" side="left" top={headerHeight + 15} label={`Into ${name}`} />
      )}
      {agent.steps
        .filter((step) => step.op === 'aggregate' || step.op === 'send')
        .map((step) => (
          <Port
            key={step.id}
            id={step.id}
            type="source"
            side="right"
            top={portTop(node, step.id)}
            label={`From ${name}, step ${step.id}`}
          />
        ))}
      <Port id="out" type="source" side="right" top={portTop(node, 'out') + 22} label={`A new way out of ${name}`} />
    </NodeFrame>
  );
});

function SourceWords({ agent }: { readonly agent: Agent }) {
  const { from } = agent;
  const words = useEditor((state) => {
    if (from.kind === 'changes') return from.table;
    const topics = state.draft.reading?.document.topics;
    return [
      ...new Set(
        from.topics.map((topic) => {
          const value = topics?.[topic]?.value;
          return value ? shortType(value) : topic;
        }),
      ),
    ].join(' or ');
  });
  return (
    <span className="min-w-0 flex-1 truncate">
      <span className="text-text-2">in </span>
      <span className="font-mono text-text-2">{words}</span>
    </span>
  );
}

function Tasks({ agent, changes }: { readonly agent: string; readonly changes: boolean }) {
  const { live } = useEditorServices();
  const tasks = useEntityValue(live, 'agent', `agent:${agent}`, (entity) => entity.tasks);
  return (
    <span className="shrink-0 text-text-3">
      {tasks !== undefined && tasks > 0 ? plural(tasks, 'task') : changes ? 'changes' : ''}
    </span>
  );
}

function StepRow({ agent, step, index }: { readonly agent: string; readonly step: Step; readonly index: number }) {
  const id = `agent:${agent}`;
  const problem = problemAt(useElementProblems(id), ['agents', agent, 'steps', index], true);
  const edit = useEditor((state) => state.edit);
  const fix = problem?.fix;
  const words = stepWords(step);
  return (
    <div
      style={{ height: stepHeight }}
      className={cx(
        'grid grid-cols-[18px_minmax(0,1fr)_auto] grid-rows-2 items-center gap-x-1 border-b border-line px-2.5 py-[3px] leading-4',
        problem?.severity === 'error' && 'bg-bad-tint',
      )}
    >
      <span className="self-center">
        <OpIcon op={step.op} />
      </span>
      <span className="text-11 text-text-2">{operatorWord(step)}</span>
      {problem ? (
        <span
          className={cx(
            'max-w-32 truncate text-right text-11',
            problem.severity === 'error' ? 'text-bad' : 'text-warn',
          )}
          title={problem.message}
        >
          {shortMessage(problem)}
        </span>
      ) : (
        <StepRate agent={agent} step={step} />
      )}
      <span />
      <span className="truncate font-mono" title={words}>
        {words}
      </span>
      {fix ? (
        <button
          type="button"
          onClick={() => edit(fix.edits)}
          className="nodrag max-w-28 truncate text-right text-11 text-accent hover:underline"
          title={fix.label}
        >
          {fix.label}
        </button>
      ) : (
        <StepNote agent={agent} step={step} />
      )}
    </div>
  );
}

function StepRate({ agent, step }: { readonly agent: string; readonly step: Step }) {
  const { live, stale } = useEditorServices();
  const entity = useEntity(live, 'step', `step:${agent}/${step.id}`);
  if (!entity) return <span />;
  if (entity.culprit && !stale)
    return (
      <span className="flex items-center justify-end gap-1 text-11 text-warn">
        <Gauge aria-hidden="true" size={11} />
        culprit
      </span>
    );
  return (
    <span className="figure text-11 text-text-2">
      {formatRate(step.op === 'filter' ? entity.outPerSecond : entity.inPerSecond)} /s
    </span>
  );
}

function StepNote({ agent, step }: { readonly agent: string; readonly step: Step }) {
  const { live } = useEditorServices();
  const entity = useEntity(live, 'step', `step:${agent}/${step.id}`);
  if (!entity) return <span />;
  if (entity.errorsPerSecond > 0)
    return <span className="figure text-11 text-bad">{formatRate(entity.errorsPerSecond)} /s failed</span>;
  if (entity.latePerSecond > 0)
    return <span className="figure text-11 text-warn">{formatRate(entity.latePerSecond)} /s late</span>;
  if (step.op === 'filter')
    return <span className="figure text-11 text-text-3">{formatRate(entity.droppedPerSecond)} dropped</span>;
  if (step.op === 'group_by') return <span className="figure text-11 text-text-3">repartitions</span>;
  return (
    <span className="figure text-11 text-text-3">
      {entity.latencyMs < 0.1 ? '<0.1' : entity.latencyMs.toFixed(1)} ms
    </span>
  );
}

function AgentFooter({ agent }: { readonly agent: string }) {
  const { live, stale, changes } = useEditorServices();
  const entity = useEntity(live, 'agent', `agent:${agent}`);
  if (!entity)
    return (
      <p className="flex h-[42px] items-center px-2.5 text-11 text-text-3">
        {changes.get(`agent:${agent}`) === 'created' ? 'deploy to run' : 'not running'}
      </p>
    );
  const total = Math.max(1, entity.busyMs + entity.idleMs + entity.backpressuredMs);
  const busy = (entity.busyMs / total) * 100;
  const held = (entity.backpressuredMs / total) * 100;
  return (
    <div className="h-[42px] px-2.5 pt-2.5">
      <div aria-hidden="true" className="flex h-[3px] bg-line-2">
        <span className={stale ? 'bg-outline' : 'bg-water'} style={{ width: `${busy}%` }} />
        <span
          className={stale ? 'bg-text-3' : held > 50 ? 'bg-bad-mark' : 'bg-warn-mark'}
          style={{ width: `${held}%` }}
        />
      </div>
      <p className="mt-1.5 flex justify-between text-11 tabular">
        <span>busy {Math.round(busy)} %</span>
        <span
          title="Held back by what it writes to. What it holds back itself stands at its channel."
          className={held <= 10 || stale ? 'text-text-3' : held <= 50 ? 'text-warn' : 'text-bad'}
        >
          backpressured {Math.round(held)} %
        </span>
      </p>
    </div>
  );
}
