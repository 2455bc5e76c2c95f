'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { FileUp } from 'lucide-react';
import { type DragEvent, useRef, useState } from 'react';
import { useKeysText } from '#features/shell/mod-key.ts';
import { createApp } from '#lib/api-client/apps.ts';
import { ApiFailure, inWords } from '#lib/api-client/request.ts';
import { Button } from '#ui/button.tsx';
import { cx } from '#ui/cx.ts';
import { TextArea } from '#ui/text-area.tsx';
import type { WayProps } from './new-app-dialog.tsx';
import { WayFooter } from './way-footer.tsx';

/** A document, pasted or dropped. What is wrong with it is listed, and nothing is created. */
export function FromText({ onCreated, first }: WayProps) {
  const [text, setText] = useState('');
  const [over, setOver] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: () => createApp({ text }),
    onSuccess: (made) => onCreated(made.app),
    onSettled: () => queries.invalidateQueries({ queryKey: ['apps'] }),
  });
  const read = async (picked: File | undefined) => picked && setText(await picked.text());
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void read(event.dataTransfer.files[0]);
  };
  const ready = text.trim() !== '' && !create.isPending && !create.isSuccess;
  const keysText = useKeysText();
  const problems = create.error instanceof ApiFailure ? create.error.problems : [];
  return (
    <>
      <div className="flex flex-col gap-2 p-4">
        <TextArea
          mono
          ref={first}
          aria-label="App document in YAML"
          placeholder={'app: login-watch\nmodels:\n  LoginAttempt:\n    ip: string\n    ok: boolean'}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return;
            event.preventDefault();
            if (ready) create.mutate();
          }}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={drop}
          className={cx('h-[300px]', over && 'border-accent')}
        />
        {problems.length > 0 && (
          <ul aria-label="Problems" className="max-h-32 overflow-y-auto text-12">
            {problems.map((problem) => (
              <li
                key={`${problem.code}-${problem.path.join('.')}-${problem.message}`}
                className="flex gap-2 border-b border-line py-1"
              >
                <span className={problem.severity === 'error' ? 'text-bad' : 'text-warn'}>
                  {problem.text ? `line ${problem.text.line}` : problem.path.join('.')}
                </span>
                <span className="min-w-0">
                  {problem.message} <span className="text-text-3">{problem.hint}</span>
                </span>
              </li>
            ))}
          </ul>
        )}
      </div>
      <WayFooter error={create.isError ? inWords(create.error) : undefined}>
        <input
          ref={file}
          type="file"
          accept=".yaml,.yml,text/yaml"
          className="hidden"
          aria-label="App document"
          onChange={(event) => void read(event.target.files?.[0])}
        />
        <Button icon={<FileUp aria-hidden="true" size={14} />} onClick={() => file.current?.click()}>
          Open a file
        </Button>
        <Button variant="primary" disabled={!ready} kbd={keysText('mod+enter')} onClick={() => create.mutate()}>
          Create
        </Button>
      </WayFooter>
    </>
  );
}
