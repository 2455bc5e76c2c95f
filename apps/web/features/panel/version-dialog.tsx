'use client';
import type { VersionSummary } from '@millrace/protocol';
import { useQuery } from '@tanstack/react-query';
import { TextDiff } from '#features/deploy/text-diff.tsx';
import { useEditor, useEditorServices } from '#features/editor/editor-context.tsx';
import { getVersion } from '#lib/api-client/apps.ts';
import { inWords } from '#lib/api-client/request.ts';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { FieldError } from '#ui/field.tsx';

/** What a version was, against the draft; from here it can be put into the draft. */
export function VersionDialog({
  app,
  version,
  onClose,
}: {
  readonly app: string;
  readonly version: VersionSummary;
  readonly onClose: () => void;
}) {
  const { store } = useEditorServices();
  const draft = useEditor((state) => state.draft.text);
  const text = useQuery({
    queryKey: ['apps', app, 'versions', version.version],
    queryFn: () => getVersion(app, version.version),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={`v${version.version} of ${app}`}
      note="what the draft has changed since"
      width={820}
      footer={
        <Button
          disabled={!text.data || text.data.text === draft}
          onClick={() => {
            if (text.data) store.getState().setText(text.data.text);
            onClose();
          }}
        >
          Put it into the draft
        </Button>
      }
    >
      {text.isError && (
        <div className="p-4">
          <FieldError message={inWords(text.error)} />
        </div>
      )}
      {text.data && <TextDiff before={text.data.text} after={draft} />}
    </Dialog>
  );
}
