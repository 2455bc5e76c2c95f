'use client';
import { ChevronDown, ChevronUp } from 'lucide-react';
import dynamic from 'next/dynamic';
import { type PointerEvent, useMemo } from 'react';
import { useEditor, useEditorServices } from '#features/editor/editor-context.tsx';
import type { PanelTab } from '#features/editor/editor-store.ts';
import { type Command, useCommands } from '#features/shell/commands.ts';
import { useEntities } from '#lib/engine-client/index.ts';
import { cx } from '#ui/cx.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { type TabOption, Tabs } from '#ui/tabs.tsx';
import { Tag } from '#ui/tag.tsx';
import { ProblemsTab } from './problems-tab.tsx';

const YamlTab = dynamic(() => import('./yaml-tab.tsx').then((module) => module.YamlTab), { ssr: false });
const LiveTab = dynamic(() => import('./live-tab.tsx').then((module) => module.LiveTab), { ssr: false });
const HistoryTab = dynamic(() => import('./history-tab.tsx').then((module) => module.HistoryTab), { ssr: false });

const least = 120;

/** Below the canvas: what is wrong, the text, what runs, what was. */
export function BottomPanel() {
  const { store, live } = useEditorServices();
  const notices = useEntities(live, 'notice').length;
  const panel = useEditor((state) => state.panel);
  const problems = useEditor((state) => state.draft.problems);
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  const { height } = panel;
  const resizeTo = (next: number) =>
    store.getState().resizePanel(Math.round(Math.max(least, Math.min(window.innerHeight - 220, next))));
  useCommands(
    useMemo<readonly Command[]>(() => {
      const show = (tab: PanelTab) => () => {
        const { panel: now, showPanel } = store.getState();
        showPanel(now.open && now.tab === tab ? null : tab);
      };
      return [
        { id: 'tab-problems', title: 'Problems', group: 'Document', keys: '1', run: show('problems') },
        { id: 'tab-yaml', title: 'YAML', group: 'Document', keys: '2', run: show('yaml') },
        {
          id: 'tab-live',
          title: 'Live: partitions, failures, sample data',
          group: 'Document',
          keys: '3',
          run: show('live'),
        },
        {
          id: 'tab-history',
          title: 'History: versions and events',
          group: 'Document',
          keys: '4',
          run: show('history'),
        },
      ];
    }, [store]),
  );
  const options: TabOption<PanelTab>[] = [
    {
      value: 'problems',
      label: (
        <>
          Problems
          {problems.length > 0 && <Tag tone={errors > 0 ? 'bad' : 'warn'}>{problems.length}</Tag>}
        </>
      ),
    },
    { value: 'yaml', label: 'YAML' },
    {
      value: 'live',
      label: (
        <>
          Live
          {notices > 0 && <Tag tone="warn">{notices} worth knowing</Tag>}
        </>
      ),
    },
    { value: 'history', label: 'History' },
  ];
  const resize = (event: PointerEvent<HTMLDivElement>) => {
    const from = event.clientY;
    const target = event.currentTarget;
    target.setPointerCapture(event.pointerId);
    const move = (at: globalThis.PointerEvent) => resizeTo(height + from - at.clientY);
    target.addEventListener('pointermove', move);
    target.addEventListener('pointerup', () => target.removeEventListener('pointermove', move), { once: true });
  };
  return (
    <section
      aria-label="Details"
      style={panel.open ? { height } : undefined}
      className="relative flex shrink-0 flex-col border-t border-line-2 bg-surface"
    >
      {panel.open && (
        // biome-ignore lint/a11y/useSemanticElements: a rule can't be dragged
        <div
          role="separator"
          aria-orientation="horizontal"
          aria-label="Height of the panel"
          aria-valuenow={height}
          tabIndex={0}
          onPointerDown={resize}
          onKeyDown={(event) => {
            if (event.key === 'ArrowUp') resizeTo(height + 24);
            if (event.key === 'ArrowDown') resizeTo(height - 24);
          }}
          className="absolute -top-1 right-0 left-0 z-10 h-2 cursor-row-resize"
        />
      )}
      <div className="flex h-9 shrink-0 items-stretch border-b border-line pr-2 pl-4">
        <Tabs
          id="panel"
          label="Details"
          value={panel.open ? panel.tab : null}
          options={options}
          onChange={(tab) => store.getState().showPanel(tab)}
        />
        <IconButton
          className="my-auto ml-auto"
          label={panel.open ? 'Close the panel' : 'Open the panel'}
          icon={panel.open ? <ChevronDown size={16} /> : <ChevronUp size={16} />}
          onClick={() => store.getState().showPanel(panel.open ? null : panel.tab)}
        />
      </div>
      {panel.open && (
        <div
          role="tabpanel"
          id="panel-panel"
          aria-labelledby={`panel-${panel.tab}`}
          className={cx('min-h-0 flex-1', panel.tab === 'yaml' ? 'overflow-hidden' : 'overflow-y-auto')}
        >
          {panel.tab === 'problems' && <ProblemsTab />}
          {panel.tab === 'yaml' && <YamlTab />}
          {panel.tab === 'live' && <LiveTab />}
          {panel.tab === 'history' && <HistoryTab />}
        </div>
      )}
    </section>
  );
}
