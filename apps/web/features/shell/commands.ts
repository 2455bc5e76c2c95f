'use client';
import { useEffect } from 'react';
import { create } from 'zustand';

/** One action, wherever it is started from: the palette, a key, or a button that shows the key. */
export interface Command {
  readonly id: string;
  readonly title: string;
  /** The heading it stands under in the palette and on the sheet of shortcuts. */
  readonly group: 'Go to' | 'Apps' | 'Canvas' | 'Document' | 'Run' | 'Dashboard';
  /** `n`, `mod+k`, `shift+mod+z`, `?`; `mod` is ⌘ on a Mac and Ctrl elsewhere. */
  readonly keys?: string;
  /** Also while typing in a field: only sensible with `mod`. */
  readonly whileTyping?: boolean;
  readonly run: () => void;
}

interface Commands {
  readonly commands: readonly Command[];
  readonly palette: 'closed' | 'open';
  readonly sheet: boolean;
  add(commands: readonly Command[]): () => void;
  setPalette(palette: 'closed' | 'open'): void;
  setSheet(sheet: boolean): void;
}

export const useCommandStore = create<Commands>((set) => ({
  commands: [],
  palette: 'closed',
  sheet: false,
  add: (added) => {
    set((state) => ({ commands: [...state.commands, ...added] }));
    return () => set((state) => ({ commands: state.commands.filter((command) => !added.includes(command)) }));
  },
  setPalette: (palette) => set({ palette }),
  setSheet: (sheet) => set({ sheet }),
}));

/** Offers commands for as long as the component is mounted. Keep the array stable (`useMemo`). */
export function useCommands(commands: readonly Command[]): void {
  useEffect(() => useCommandStore.getState().add(commands), [commands]);
}

/** The command that a key press means; later ones (a page's) come before earlier (the shell's). */
export function commandFor(
  commands: readonly Command[],
  press: { readonly key: string; readonly mod: boolean; readonly shift: boolean; readonly typing: boolean },
): Command | undefined {
  const { key, mod, shift, typing } = press;
  return commands.findLast((command) => {
    if (command.keys === undefined || (typing && !command.whileTyping)) return false;
    const parts = command.keys.split('+');
    const wanted = parts.at(-1) ?? '';
    // `?` and such come with Shift on some keyboards: there the character alone counts.
    const shiftMatters = /^[a-z]$/i.test(wanted) || wanted.length > 1;
    return (
      wanted.toLowerCase() === key.toLowerCase() &&
      parts.includes('mod') === mod &&
      (!shiftMatters || parts.includes('shift') === shift)
    );
  });
}
