'use client';
import { useRouter } from 'next/navigation';
import { type RefCallback, useCallback, useRef } from 'react';
import { useApps } from '#lib/api-client/queries.ts';
import { Dialog } from '#ui/dialog.tsx';
import { Segmented } from '#ui/segmented.tsx';
import { FromData } from './from-data.tsx';
import { FromScratch } from './from-scratch.tsx';
import { FromTemplate } from './from-template.tsx';
import { FromText } from './from-text.tsx';
import { type NewAppWay, newAppWays } from './ways-in.tsx';

const words: Record<NewAppWay, string> = {
  data: 'From data',
  template: 'From a template',
  text: 'From text',
  scratch: 'From scratch',
};

/** What each way needs of the dialog around it. */
export interface WayProps {
  readonly taken: readonly string[];
  readonly onCreated: (app: string) => void;
  readonly onClose: () => void;
  /** Put on what is filled in first: it has the focus when the dialog opens. */
  readonly first: RefCallback<HTMLElement>;
}

/** A new app, in one of four ways. `template` is chosen beforehand: a template's id, or for data a topic. */
export function NewAppDialog({
  way,
  template,
  onWay,
  onClose,
}: {
  readonly way: NewAppWay;
  readonly template: string | null;
  readonly onWay: (way: NewAppWay) => void;
  readonly onClose: () => void;
}) {
  const router = useRouter();
  const taken = (useApps().data ?? []).map((app) => app.app);
  const field = useRef<HTMLElement>(null);
  const first = useCallback((element: HTMLElement | null) => {
    field.current = element;
  }, []);
  const props: WayProps = { taken, onClose, first, onCreated: (app) => router.push(`/apps/${app}`) };
  return (
    <Dialog open onClose={onClose} title="New app" width={720} initialFocus={field}>
      <div className="border-b border-line px-5 py-3">
        <Segmented
          label="How to start"
          value={way}
          onChange={onWay}
          options={newAppWays.map((value) => ({ value, label: words[value] }))}
        />
      </div>
      {way === 'template' && <FromTemplate {...props} chosen={template} />}
      {way === 'data' && <FromData {...props} chosen={template} />}
      {way === 'text' && <FromText {...props} />}
      {way === 'scratch' && <FromScratch {...props} />}
    </Dialog>
  );
}
