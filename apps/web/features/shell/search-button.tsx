'use client';
import { Search } from 'lucide-react';
import { Kbd } from '#ui/kbd.tsx';
import { useCommandStore } from './commands.ts';
import { holdKeys } from './held-keys.ts';
import { useKeysText } from './mod-key.ts';

/** The way to the palette for those who don't know its key yet. */
export function SearchButton() {
  const open = useCommandStore((state) => state.setPalette);
  const keysText = useKeysText();
  return (
    <button
      type="button"
      onClick={() => {
        holdKeys();
        open('open');
      }}
      aria-keyshortcuts="Meta+K Control+K"
      className="flex h-7 w-[190px] items-center gap-2 rounded-control border border-line-2 bg-inset px-2 text-13 text-text-3 hover:bg-hover max-wide:hidden"
    >
      <Search aria-hidden="true" size={14} />
      Search or run…
      <span className="ml-auto">
        <Kbd>{keysText('mod+k')}</Kbd>
      </span>
    </button>
  );
}
