'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { createApp } from '#lib/api-client/apps.ts';
import { inWords } from '#lib/api-client/request.ts';
import { Button } from '#ui/button.tsx';
import { NameField, nameFault } from './name-field.tsx';
import type { WayProps } from './new-app-dialog.tsx';
import { WayFooter } from './way-footer.tsx';

/** A name and an empty canvas. */
export function FromScratch({ taken, onCreated, first }: WayProps) {
  const [app, setApp] = useState('');
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: () => createApp({ app }),
    onSuccess: (made) => onCreated(made.app),
    onSettled: () => queries.invalidateQueries({ queryKey: ['apps'] }),
  });
  const ready = app !== '' && nameFault(app, taken) === undefined && !create.isPending && !create.isSuccess;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) create.mutate();
      }}
    >
      <div className="p-5">
        <NameField ref={first} value={app} onChange={setApp} taken={create.isSuccess ? [] : taken} />
      </div>
      <WayFooter error={create.isError ? inWords(create.error) : undefined}>
        <Button variant="primary" type="submit" disabled={!ready}>
          Create
        </Button>
      </WayFooter>
    </form>
  );
}
