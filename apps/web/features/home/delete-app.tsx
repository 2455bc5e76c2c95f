'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { deleteApp, setDesired } from '#lib/api-client/apps.ts';
import { ApiFailure, inWords } from '#lib/api-client/request.ts';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { Field, FieldError } from '#ui/field.tsx';
import { TextField } from '#ui/text-field.tsx';

/** Stopping may take the engine a moment; the API refuses to delete what still runs. */
async function stopAndDelete(app: string, running: boolean): Promise<void> {
  if (running) await setDesired(app, 'stopped');
  for (let tries = 0; ; tries += 1) {
    try {
      await deleteApp(app);
      return;
    } catch (cause) {
      if (!(cause instanceof ApiFailure && cause.code === 'app-running' && running && tries < 20)) throw cause;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

/** Deletes an app once its name has been typed. */
export function DeleteApp({
  app,
  running,
  onClose,
}: {
  readonly app: string;
  readonly running: boolean;
  readonly onClose: () => void;
}) {
  const [typed, setTyped] = useState('');
  const queries = useQueryClient();
  const router = useRouter();
  const remove = useMutation({
    mutationFn: () => stopAndDelete(app, running),
    onSuccess: async () => {
      onClose();
      router.push('/');
      await queries.invalidateQueries({ queryKey: ['apps'] });
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Delete ${app}?`}
      width={460}
      footer={
        <>
          <Button variant="bare" onClick={onClose}>
            Cancel
          </Button>
          <Button variant="danger" disabled={typed !== app || remove.isPending} onClick={() => remove.mutate()}>
            {running ? 'Stop and delete' : 'Delete'}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3 px-5 py-4">
        <p className="text-text-2">
          Its draft, its versions and its history are deleted{running && ', and it is stopped first'}. Its topics stay
          in Kafka with their records, changelogs included.
        </p>
        <Field layout="stack" label={`Type ${app} to confirm`}>
          {(ids) => <TextField {...ids} value={typed} onChange={setTyped} mono />}
        </Field>
        {remove.isError && <FieldError message={inWords(remove.error)} />}
      </div>
    </Dialog>
  );
}
