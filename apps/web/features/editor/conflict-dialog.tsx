'use client';
import { TextDiff } from '#features/deploy/text-diff.tsx';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { useEditor, useEditorServices } from './editor-context.tsx';

/** Theirs beside mine, and the choice. */
export function ConflictDialog({ onClose }: { readonly onClose: () => void }) {
  const { store } = useEditorServices();
  const save = useEditor((state) => state.save);
  const mine = useEditor((state) => state.draft.text);
  const choose = (keep: 'mine' | 'theirs') => {
    store.getState().resolve(keep);
    onClose();
  };
  return (
    <Dialog
      open={save.kind === 'conflict'}
      onClose={onClose}
      width={860}
      title="Theirs and mine"
      note="red: only theirs; teal: only mine"
      footerNote="Taking theirs can be undone."
      footer={
        <>
          <Button onClick={() => choose('theirs')}>Take theirs</Button>
          <Button variant="primary" onClick={() => choose('mine')}>
            Keep mine
          </Button>
        </>
      }
    >
      {save.kind === 'conflict' && <TextDiff before={save.theirs.text} after={mine} />}
    </Dialog>
  );
}
