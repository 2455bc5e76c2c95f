'use client';
import Link from 'next/link';
import { Fragment, type ReactNode } from 'react';
import { HealthBanners } from './health-banners.tsx';
import { SearchButton } from './search-button.tsx';

export interface Crumb {
  readonly label: string;
  /** Absent: this page. */
  readonly href?: string;
}

export interface PageFrameProps {
  readonly crumbs: readonly Crumb[];
  /** After the crumbs, past a rule: status, what it belongs to. */
  readonly about?: ReactNode;
  /** At the right end; the page's one primary button last. */
  readonly actions?: ReactNode;
  /** Stands in for the search field, where a page needs the room. */
  readonly search?: boolean;
  /** Before the search field: undo and redo. */
  readonly tools?: ReactNode;
  readonly children: ReactNode;
}

/** The 44 px bar on top of every page, what is wrong below it, and the page. */
export function PageFrame({ crumbs, about, actions, tools, search = true, children }: PageFrameProps) {
  return (
    <>
      <header className="flex h-11 shrink-0 items-center gap-3 border-b border-line bg-bg px-3">
        <h1 className="flex min-w-0 items-center gap-2 text-13">
          {crumbs.map((crumb, index) => (
            <Fragment key={`${crumb.label}-${crumb.href ?? ''}`}>
              {index > 0 && (
                <span aria-hidden="true" className="text-text-3 max-wide:hidden">
                  /
                </span>
              )}
              {crumb.href === undefined ? (
                <span className="truncate font-semibold">{crumb.label}</span>
              ) : (
                <Link href={crumb.href} className="text-text-2 hover:text-text max-wide:hidden">
                  {crumb.label}
                </Link>
              )}
            </Fragment>
          ))}
        </h1>
        {about !== undefined && (
          <div className="flex h-[18px] min-w-0 items-center gap-3 border-l border-line-2 pl-3">{about}</div>
        )}
        <div className="ml-auto flex items-center gap-3">
          {tools}
          {search && <SearchButton />}
          {actions}
        </div>
      </header>
      <HealthBanners />
      <main id="main" tabIndex={-1} className="flex min-h-0 min-w-0 flex-1 flex-col outline-none">
        {children}
      </main>
    </>
  );
}
