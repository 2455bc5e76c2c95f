'use client';
import { Braces, Layers, type LucideIcon, MailX, Monitor, Moon, Server, Sun, Table2, Waves } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useTheme } from 'next-themes';
import { cx } from '#ui/cx.ts';
import { Menu } from '#ui/menu.tsx';
import { useCommandStore } from './commands.ts';
import { Logo } from './logo.tsx';

export const places: readonly {
  readonly href: string;
  readonly label: string;
  readonly Icon: LucideIcon;
  readonly owns: readonly string[];
}[] = [
  { href: '/', label: 'Apps', Icon: Layers, owns: ['/', '/apps'] },
  { href: '/topics', label: 'Topics', Icon: Waves, owns: ['/topics'] },
  { href: '/tables', label: 'Tables', Icon: Table2, owns: ['/tables'] },
  { href: '/models', label: 'Models', Icon: Braces, owns: ['/models'] },
  { href: '/dead-letters', label: 'Dead letters', Icon: MailX, owns: ['/dead-letters'] },
  { href: '/engines', label: 'Engines', Icon: Server, owns: ['/engines'] },
];

/** The table page lies below its app (`/apps/a/tables/t`), and belongs to Tables all the same. Null: an address that leads nowhere. */
export function placeOf(pathname: string): string | null {
  if (/^\/apps\/[^/]+\/tables(\/|$)/.test(pathname)) return '/tables';
  return (
    places.findLast((place) =>
      place.owns.some((path) => pathname === path || (path !== '/' && pathname.startsWith(`${path}/`))),
    )?.href ?? null
  );
}

const item =
  'relative flex w-full flex-col items-center gap-0.5 rounded-control px-0.5 py-1.5 text-center text-11 leading-[13px] text-text-2 hover:bg-hover hover:text-text max-wide:py-3';

export function Rail() {
  const chosen = placeOf(usePathname());
  const { setTheme, theme } = useTheme();
  const openSheet = useCommandStore((state) => state.setSheet);
  return (
    <nav
      aria-label="Main"
      className="flex w-[60px] shrink-0 flex-col items-center border-r border-line bg-bg px-1.5 max-wide:w-12 max-wide:px-1"
    >
      <Link href="/" aria-label="Millrace, all apps" className="flex h-11 items-center text-text">
        <Logo />
      </Link>
      <ul className="mt-2 flex w-full flex-col gap-1">
        {places.map(({ href, label, Icon }) => (
          <li key={href}>
            <Link
              href={href}
              title={label}
              {...(chosen === href ? { 'aria-current': 'page' as const } : {})}
              className={cx(
                item,
                chosen === href &&
                  'bg-active font-medium text-text before:absolute before:inset-y-2 before:-left-1.5 before:w-0.5 before:bg-accent max-wide:before:-left-1',
              )}
            >
              <Icon aria-hidden="true" size={17} strokeWidth={1.6} />
              <span className="max-wide:sr-only">{label}</span>
            </Link>
          </li>
        ))}
      </ul>
      <div className="mt-auto mb-2 flex w-full flex-col gap-1">
        <button type="button" onClick={() => openSheet(true)} title="Shortcuts (?)" className={item}>
          <span
            aria-hidden="true"
            className="flex size-[17px] items-center justify-center rounded-tag border border-current text-11"
          >
            ?
          </span>
          <span className="max-wide:sr-only">Keys</span>
        </button>
        <Menu
          side="right"
          align="end"
          trigger={
            <button type="button" title="Theme" className={item}>
              <Sun aria-hidden="true" size={17} strokeWidth={1.6} />
              <span className="max-wide:sr-only">Theme</span>
            </button>
          }
          entries={[
            {
              label: 'Light',
              icon: <Sun size={14} />,
              onSelect: () => setTheme('light'),
              ...(theme === 'light' && { hint: 'now' }),
            },
            {
              label: 'Dark',
              icon: <Moon size={14} />,
              onSelect: () => setTheme('dark'),
              ...(theme === 'dark' && { hint: 'now' }),
            },
            {
              label: 'As the system',
              icon: <Monitor size={14} />,
              onSelect: () => setTheme('system'),
              ...(theme === 'system' && { hint: 'now' }),
            },
          ]}
        />
      </div>
    </nav>
  );
}
