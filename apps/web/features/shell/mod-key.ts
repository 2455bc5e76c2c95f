'use client';
import { useSyncExternalStore } from 'react';

const never = () => () => undefined;
const onMac = (): boolean => /mac|iphone|ipad/i.test(navigator.platform);

/** How the modifier is printed here: `⌘` on a Mac, `Ctrl ` elsewhere. */
export const useModKey = (): string =>
  useSyncExternalStore(
    never,
    () => (onMac() ? '⌘' : 'Ctrl '),
    () => '⌘',
  );

/** `shift+mod+z` as it is printed. */
export function useKeysText(): (keys: string) => string {
  const mod = useModKey();
  const names: Record<string, string> = { mod: mod.trim(), shift: '⇧', enter: '⏎', escape: 'Esc', delete: 'Del' };
  return (keys) =>
    keys
      .split('+')
      .map((part) => names[part.toLowerCase()] ?? part.toUpperCase())
      .join(mod === '⌘' ? '' : ' ');
}
