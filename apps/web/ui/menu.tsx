'use client';
import { cloneElement, lazy, type ReactElement, type ReactNode, Suspense, useState } from 'react';

export type MenuEntry =
  | {
      readonly kind?: 'item';
      readonly label: string;
      readonly icon?: ReactNode;
      readonly kbd?: string;
      readonly hint?: string;
      readonly danger?: boolean;
      readonly disabled?: boolean;
      readonly onSelect: () => void;
    }
  | { readonly kind: 'separator' }
  | { readonly kind: 'heading'; readonly label: string };

export interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactElement;
  /** Or how to make them, when the menu is opened. */
  readonly entries: readonly MenuEntry[] | (() => readonly MenuEntry[]);
  readonly align?: 'start' | 'end';
  readonly side?: 'bottom' | 'top' | 'right';
  readonly open?: boolean;
  readonly onOpenChange?: (open: boolean) => void;
}

const load = () => import('./menu-popup.tsx');
const MenuWithPopup = lazy(() => load().then((module) => ({ default: module.MenuWithPopup })));

/** A list of actions under a button. Arrows, letters and Escape work as in any menu. Its 40 kB are loaded when it is first opened, or about to be. */
export function Menu({ open, onOpenChange, ...rest }: MenuProps) {
  const [own, setOwn] = useState(false);
  const [wanted, setWanted] = useState(false);
  const isOpen = open ?? own;
  const change = (next: boolean) => {
    setWanted(true);
    setOwn(next);
    onOpenChange?.(next);
  };
  const button = cloneElement(rest.trigger as ReactElement<TriggerProps>, {
    // every trigger is a button
    'aria-haspopup': 'menu',
    'aria-expanded': isOpen,
    onClick: () => change(true),
    onPointerEnter: () => void load(),
    onFocus: () => void load(),
  });
  if (!wanted && !isOpen) return button;
  return (
    <Suspense fallback={button}>
      <MenuWithPopup {...rest} open={isOpen} onOpenChange={change} />
    </Suspense>
  );
}

interface TriggerProps {
  readonly 'aria-haspopup': 'menu';
  readonly 'aria-expanded': boolean;
  readonly onClick: () => void;
  readonly onPointerEnter: () => void;
  readonly onFocus: () => void;
}
