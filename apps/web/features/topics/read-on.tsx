'use client';
import { useEffect, useState } from 'react';
import { formatCount, plural } from '#lib/format.ts';
import { Button } from '#ui/button.tsx';

export interface ReadOnProps {
  /** Records looked at so far, and how many of them are shown. */
  readonly looked: number;
  readonly found: number;
  readonly filtered: boolean;
  /** Towards older records. */
  readonly back: boolean;
  readonly reading: boolean;
  readonly onReadOn: () => void;
}

/** Below rows that are not all there are. A search stops after some records: while it has found none it goes on by itself, and can be stopped. */
export function ReadOn({ looked, found, filtered, back, reading, onReadOn }: ReadOnProps) {
  const [stopped, setStopped] = useState(false);
  const searching = filtered && found === 0 && !stopped;
  useEffect(() => {
    if (searching && !reading) onReadOn();
  }, [searching, reading, onReadOn]);
  const direction = back ? 'further back' : 'further on';
  return (
    <div
      role="status"
      className="flex flex-wrap items-center justify-center gap-3 px-4 py-3 text-12 text-text-2 tabular"
    >
      {filtered && (
        <span>
          {found === 0 ? 'None' : formatCount(found)} of the {plural(looked, 'record')} looked at so far{' '}
          {found === 1 ? 'passes' : 'pass'} the filter.
        </span>
      )}
      {searching ? (
        <>
          Looking {direction}…<Button onClick={() => setStopped(true)}>Stop</Button>
        </>
      ) : (
        <Button disabled={reading} onClick={onReadOn}>
          {reading ? 'Reading…' : filtered ? `Look ${direction}` : back ? 'Older records' : 'Read on'}
        </Button>
      )}
    </div>
  );
}
