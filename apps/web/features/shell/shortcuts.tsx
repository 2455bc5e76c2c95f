'use client';
import { useEffect } from 'react';
import { commandFor, useCommandStore } from './commands.ts';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input:not([type=checkbox]), textarea, select, [role=textbox]'));

/** Turns key presses into commands. A dialog or a menu that is open keeps its keys to itself. */
export function Shortcuts() {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.isComposing) return;
      const typing = isTyping(event.target);
      const command = commandFor(useCommandStore.getState().commands, {
        key: event.key,
        mod: event.metaKey || event.ctrlKey,
        shift: event.shiftKey,
        typing,
      });
      if (!command) return;
      if (document.querySelector('[role=dialog], [role=menu], [role=listbox]') && command.id !== 'palette') return;
      event.preventDefault();
      command.run();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return null;
}
