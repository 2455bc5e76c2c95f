import { Equal, Minus, Pencil, Plus } from 'lucide-react';
import { Tag, type Tone } from './tag.tsx';

export type Change = 'created' | 'changed' | 'kept' | 'dropped';

const looks: Record<Change, { readonly word: string; readonly tone: Tone; readonly Icon: typeof Plus }> = {
  created: { word: 'Created', tone: 'accent', Icon: Plus },
  changed: { word: 'Changed', tone: 'warn', Icon: Pencil },
  kept: { word: 'Kept', tone: 'plain', Icon: Equal },
  dropped: { word: 'Dropped', tone: 'bad', Icon: Minus },
};

/** What a deploy does to an element; on the canvas, what the draft has done to it (`word="New"`). */
export function ChangeTag({
  change,
  word,
  className,
}: {
  readonly change: Change;
  readonly word?: string;
  readonly className?: string;
}) {
  const { word: usual, tone, Icon } = looks[change];
  return (
    <Tag tone={tone} icon={<Icon aria-hidden="true" size={11} />} {...(className === undefined ? {} : { className })}>
      {word ?? usual}
    </Tag>
  );
}
