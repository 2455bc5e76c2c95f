/** A dialog that takes longer than this to come is not waited for. */
const patienceMs = 10_000;

let stop: (() => void) | undefined;

/**
 * Call it where a dialog is opened: what is typed until the dialog has the focus is for the dialog. The keys are kept from the page, where they would
 * be shortcuts or go on in a field that has the focus, and are given to what has it in the dialog.
 */
export function holdKeys(): void {
  if (stop !== undefined) return;
  const held: KeyboardEvent[] = [];
  const hold = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.type === 'keydown') held.push(event);
  };
  const arrive = ({ target }: FocusEvent) => {
    if (!(target instanceof Element) || target.closest('[role=dialog]') === null) return;
    window.removeEventListener('focusin', arrive, true);
    // The dialog may move the focus once more before it is painted.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        stop?.();
        for (const event of held) replay(event);
      }),
    );
  };
  window.addEventListener('keydown', hold, true);
  window.addEventListener('keyup', hold, true);
  window.addEventListener('focusin', arrive, true);
  const timer = setTimeout(() => stop?.(), patienceMs);
  stop = () => {
    clearTimeout(timer);
    window.removeEventListener('keydown', hold, true);
    window.removeEventListener('keyup', hold, true);
    window.removeEventListener('focusin', arrive, true);
    stop = undefined;
  };
}

/** A key as if it were pressed now: first whoever listens, then the text itself. */
function replay({ key, code, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent): void {
  const target = document.activeElement ?? document.body;
  const press = { key, code, ctrlKey, metaKey, shiftKey, altKey, bubbles: true, cancelable: true };
  const unheard = target.dispatchEvent(new KeyboardEvent('keydown', press));
  if (!unheard || ctrlKey || metaKey || altKey) return;
  if (key === 'Backspace') document.execCommand('delete');
  else if (key.length === 1)
    document.execCommand('insertText', false, key); // the one way that React and editors hear of
  else if (key === 'Enter' && target instanceof HTMLInputElement) target.form?.requestSubmit();
}
