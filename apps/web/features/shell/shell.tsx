'use client';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useTheme } from 'next-themes';
import { type ReactNode, useMemo } from 'react';
import { type Command, useCommandStore, useCommands } from './commands.ts';
import { FocusKeeper } from './focus-keeper.tsx';
import { holdKeys } from './held-keys.ts';
import { places, Rail } from './rail.tsx';
import { Shortcuts } from './shortcuts.tsx';

const Palette = dynamic(() => import('./palette.tsx').then((module) => module.Palette), { ssr: false });
const ShortcutSheet = dynamic(() => import('./shortcut-sheet.tsx').then((module) => module.ShortcutSheet), {
  ssr: false,
});

/** What stands around every page: the rail, the palette, the keys. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const router = useRouter();
  const { setTheme, resolvedTheme } = useTheme();
  const { palette, sheet, setPalette, setSheet } = useCommandStore();
  useCommands(
    useMemo<readonly Command[]>(
      () => [
        {
          id: 'palette',
          title: 'Search or run any action',
          group: 'Dashboard',
          keys: 'mod+k',
          whileTyping: true,
          run: () => {
            const open = useCommandStore.getState().palette === 'open';
            if (!open) holdKeys();
            setPalette(open ? 'closed' : 'open');
          },
        },
        {
          id: 'sheet',
          title: 'All shortcuts',
          group: 'Dashboard',
          keys: '?',
          run: () => {
            holdKeys();
            setSheet(true);
          },
        },
        {
          id: 'theme',
          title: resolvedTheme === 'dark' ? 'Light theme' : 'Dark theme',
          group: 'Dashboard',
          run: () => setTheme(resolvedTheme === 'dark' ? 'light' : 'dark'),
        },
        { id: 'theme-system', title: 'Theme as the system', group: 'Dashboard', run: () => setTheme('system') },
        {
          id: 'new-app',
          title: 'New app',
          group: 'Apps',
          keys: 'n',
          run: () => {
            holdKeys();
            router.push('/?new=template');
          },
        },
        ...places.map(
          (place): Command => ({
            id: `go:${place.href}`,
            title: place.label,
            group: 'Go to',
            run: () => router.push(place.href),
          }),
        ),
      ],
      [router, setPalette, setSheet, setTheme, resolvedTheme],
    ),
  );
  return (
    <div className="flex h-dvh min-h-0 overflow-hidden">
      <a
        href="#main"
        className="sr-only z-50 rounded-control bg-fill px-3 py-1 text-on-fill focus:not-sr-only focus:absolute focus:top-1 focus:left-1"
      >
        Skip to the page
      </a>
      <Rail />
      <div className="flex min-w-0 flex-1 flex-col">{children}</div>
      <Shortcuts />
      <FocusKeeper />
      {palette === 'open' && <Palette />}
      {sheet && <ShortcutSheet />}
    </div>
  );
}
