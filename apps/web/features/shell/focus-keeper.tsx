'use client';
import { useEffect } from 'react';

/**
 * Who works by keyboard never loses the place: where what had the focus goes away (a dialog that closes, a page that gives way to another, a button
 * that rests), the dialog that is open takes it, else the page.
 */
export function FocusKeeper() {
  useEffect(() => {
    let byKeyboard = false;
    let due = 0;
    const onKey = () => {
      byKeyboard = true;
    };
    const onPointer = () => {
      byKeyboard = false;
    };
    const look = () => {
      due = 0;
      if (!byKeyboard || (document.activeElement !== document.body && document.activeElement !== null)) return;
      const dialogs = document.querySelectorAll<HTMLElement>('[role=dialog], [role=alertdialog]');
      (dialogs.item(dialogs.length - 1) ?? document.getElementById('main'))?.focus({ preventScroll: true });
    };
    // Two frames: a dialog gives the focus back by itself where it can.
    const soon = () => {
      if (byKeyboard && due === 0) due = requestAnimationFrame(() => requestAnimationFrame(look));
    };
    const changes = new MutationObserver(soon);
    changes.observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled'] });
    document.addEventListener('keydown', onKey, true);
    document.addEventListener('pointerdown', onPointer, true);
    return () => {
      changes.disconnect();
      cancelAnimationFrame(due);
      document.removeEventListener('keydown', onKey, true);
      document.removeEventListener('pointerdown', onPointer, true);
    };
  }, []);
  return null;
}
