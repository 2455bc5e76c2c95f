'use client';
import { Ellipsis, Trash2, X } from 'lucide-react';
import dynamic from 'next/dynamic';
import { type CSSProperties, type RefObject, useEffect, useRef } from 'react';
import { splitId } from '#features/editor/draft.ts';
import { useEditor, useEditorServices } from '#features/editor/editor-context.tsx';
import { removeElement } from '#features/editor/element-edits.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { type ElementKind, KindIcon } from '#ui/kind-icon.tsx';
import { Menu } from '#ui/menu.tsx';
import { Tag } from '#ui/tag.tsx';
import { AppForm } from './app-form.tsx';

const TopicForm = dynamic(() => import('./topic-form.tsx').then((module) => module.TopicForm), { ssr: false });
const TableForm = dynamic(() => import('./table-form.tsx').then((module) => module.TableForm), { ssr: false });
const AgentForm = dynamic(() => import('./agent-form.tsx').then((module) => module.AgentForm), { ssr: false });
const ModelForm = dynamic(() => import('./model-form.tsx').then((module) => module.ModelForm), { ssr: false });

/** The form of what is selected, or of the app; beside the canvas, and below 1180 px over it. */
export function Inspector() {
  const { store } = useEditorServices();
  const selected = useEditor((state) => state.selected);
  const document = useEditor((state) => state.draft.reading?.document);
  const open = useEditor((state) => state.inspectorOpen);
  const below = useEditor((state) => (state.panel.open ? state.panel.height : 37) + 8);
  const panel = useRef<HTMLElement>(null);
  useFieldFocus(panel);
  if (!open || !document) return null;
  const [kind, name] = selected === null ? ['settings', document.app] : splitId(selected);
  return (
    <aside
      ref={panel}
      style={{ '--below': `${below}px` } as CSSProperties /* a custom property */}
      aria-label={selected === null ? 'App settings' : `${kind} ${name}`}
      className="flex w-[352px] shrink-0 flex-col overflow-hidden border-l border-line bg-surface max-wide:absolute max-wide:top-2 max-wide:right-2 max-wide:bottom-(--below) max-wide:z-20 max-wide:w-[338px] max-wide:rounded-node max-wide:border max-wide:border-line-2 max-wide:shadow-over"
    >
      <header className="flex h-[46px] shrink-0 items-center gap-2 border-b border-line pr-2 pl-4">
        <KindIcon kind={kind as ElementKind} />
        <h2 className="min-w-0 truncate text-15 leading-6 font-semibold" title={name}>
          {name}
        </h2>
        <Tag>
          {selected === null ? 'app' : kind === 'table' && document.tables[name]?.window ? 'windowed table' : kind}
        </Tag>
        <span className="ml-auto flex">
          {selected !== null && (
            <Menu
              align="end"
              trigger={<IconButton label="More" icon={<Ellipsis size={16} />} />}
              entries={[
                {
                  label: `Delete ${name}`,
                  icon: <Trash2 size={14} />,
                  danger: true,
                  kbd: 'Del',
                  onSelect: () => store.getState().edit(removeElement(document, selected)),
                },
              ]}
            />
          )}
          <IconButton
            label="Close the inspector"
            title="Close"
            icon={<X size={16} />}
            onClick={() => store.getState().openInspector(false)}
          />
        </span>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto" key={selected ?? 'app'}>
        {selected === null && <AppForm />}
        {kind === 'topic' && <TopicForm name={name} />}
        {kind === 'table' && <TableForm name={name} />}
        {kind === 'agent' && <AgentForm name={name} />}
        {kind === 'model' && <ModelForm name={name} />}
      </div>
    </aside>
  );
}

/** Puts the focus into the field that a problem leads to: the nearest that is marked with its path. */
function useFieldFocus(panel: RefObject<HTMLElement | null>) {
  const focus = useEditor((state) => state.focus);
  useEffect(() => {
    if (!focus || focus.path.length <= 2) return;
    const timer = setTimeout(() => {
      for (let length = focus.path.length; length > 2; length -= 1) {
        const field = panel.current?.querySelector<HTMLElement>(
          `[data-path="${CSS.escape(focus.path.slice(0, length).join('/'))}"]`,
        );
        const control = field?.matches('input, button, textarea, [contenteditable]')
          ? field
          : field?.querySelector<HTMLElement>('input, [contenteditable=true], textarea, button');
        if (control) return control.focus();
      }
    }, 60);
    return () => clearTimeout(timer);
  }, [focus, panel]);
}
