'use client';
import type { NoticeEntity } from '@millrace/protocol';
import { Lightbulb } from 'lucide-react';
import { splitId } from '#features/editor/draft.ts';
import { useEditor, useEditorServices } from '#features/editor/editor-context.tsx';
import { useEntities } from '#lib/engine-client/index.ts';
import { cx } from '#ui/cx.ts';
import { tagTone } from '#ui/tag.tsx';
import { noticesAbout } from './notices-about.ts';

/** How many things are worth knowing of a node, in words when pointed at; leads to where they are listed. */
export function NoticeBadge({ id }: { readonly id: string }) {
  const { live, store } = useEditorServices();
  const all: readonly NoticeEntity[] = useEntities(live, 'notice');
  const document = useEditor((state) => state.draft.reading?.document);
  const notices = all.length === 0 || document === undefined ? [] : noticesAbout(id, document, all);
  if (notices.length === 0) return null;
  const words = notices.map((notice) => notice.words).join('\n');
  const [, name] = splitId(id);
  return (
    <button
      type="button"
      title={words}
      aria-label={`${notices.length} worth knowing of ${name}: ${words}`}
      onClick={() => store.getState().showPanel('live')}
      className={cx(
        'nodrag inline-flex h-[18px] items-center gap-1 rounded-tag border px-1.5 text-11 hover:bg-hover',
        tagTone.warn,
      )}
    >
      <Lightbulb aria-hidden="true" size={11} />
      {notices.length}
    </button>
  );
}
