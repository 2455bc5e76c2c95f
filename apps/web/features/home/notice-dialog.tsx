'use client';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';

/** An action that was refused, and why. */
export function NoticeDialog({
  title,
  message,
  onClose,
}: {
  readonly title: string;
  readonly message: string;
  readonly onClose: () => void;
}) {
  return (
    <Dialog open onClose={onClose} title={title} width={440} footer={<Button onClick={onClose}>Close</Button>}>
      <p className="px-5 py-4 text-text-2">{message}</p>
    </Dialog>
  );
}
