'use client';
import { Menu as Base } from '@base-ui/react/menu';
import { cx } from './cx.ts';
import { Kbd } from './kbd.tsx';
import type { MenuProps } from './menu.tsx';

/** The menu itself, with its trigger; `menu.tsx` loads it when it is first wanted. */
export function MenuWithPopup({
  trigger,
  entries,
  align = 'start',
  side = 'bottom',
  open,
  onOpenChange,
}: MenuProps & { readonly open: boolean; readonly onOpenChange: (open: boolean) => void }) {
  return (
    <Base.Root modal={false} open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} side={side} sideOffset={4} className="z-50 outline-none">
          <Base.Popup className="max-h-(--available-height) min-w-44 overflow-y-auto rounded-node border border-line-2 bg-raised py-1 shadow-over outline-none">
            <MenuEntries entries={entries} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function MenuEntries({ entries }: { readonly entries: MenuProps['entries'] }) {
  return (typeof entries === 'function' ? entries() : entries).map((entry, index) => {
    // biome-ignore-start lint/suspicious/noArrayIndexKey: separators have no identity but their place
    if (entry.kind === 'separator') return <Base.Separator key={index} className="my-1 h-px bg-line" />;
    if (entry.kind === 'heading')
      return (
        <div key={index} className="px-3 pt-1.5 pb-0.5 text-11 text-text-3">
          {entry.label}
        </div>
      );
    return (
      <Base.Item
        key={index}
        disabled={entry.disabled ?? false}
        onClick={entry.onSelect}
        className={cx(
          'flex h-7 items-center gap-2.5 px-3 text-13 outline-none data-disabled:text-text-3 data-highlighted:bg-hover',
          entry.danger ? 'text-bad' : 'text-text',
        )}
      >
        {entry.icon !== undefined && (
          <span aria-hidden="true" className={cx('inline-flex w-4 justify-center', !entry.danger && 'text-text-2')}>
            {entry.icon}
          </span>
        )}
        {entry.label}
        {entry.hint !== undefined && <span className="ml-auto pl-4 text-11 text-text-3">{entry.hint}</span>}
        {entry.kbd !== undefined && (
          <span className="ml-auto pl-4">
            <Kbd>{entry.kbd}</Kbd>
          </span>
        )}
      </Base.Item>
    );
    // biome-ignore-end lint/suspicious/noArrayIndexKey: separators have no identity but their place
  });
}
