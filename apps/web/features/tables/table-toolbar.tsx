'use client';
import { Filter, KeyRound } from 'lucide-react';
import type { Ref } from 'react';
import { formatCount } from '#lib/format.ts';
import { FieldError } from '#ui/field.tsx';
import { Segmented } from '#ui/segmented.tsx';
import { TextField } from '#ui/text-field.tsx';
import type { Mode, TableView } from './table-query.ts';

export interface TableToolbarProps {
  readonly view: TableView;
  readonly windowed: boolean;
  readonly search: string;
  readonly where: string;
  readonly mode: Mode;
  /** An example of an expression over this table. */
  readonly example: string;
  /** Why the engine did not take the filter. */
  readonly refusal: string | undefined;
  readonly searchField: Ref<HTMLInputElement>;
  readonly onSearch: (text: string) => void;
  readonly onWhere: (text: string) => void;
  readonly onMode: (mode: Mode) => void;
}

/** Which rows: by key, by expression, by window. */
export function TableToolbar({
  view,
  windowed,
  search,
  where,
  mode,
  example,
  refusal,
  searchField,
  onSearch,
  onWhere,
  onMode,
}: TableToolbarProps) {
  const { page, table } = view;
  return (
    <div className="shrink-0 px-4 py-2">
      <div className="flex flex-wrap items-center gap-2">
        <TextField
          ref={searchField}
          aria-label="Find a key"
          aria-keyshortcuts="/"
          placeholder={table ? `Find a key in ${formatCount(table.keys)}` : 'Find a key'}
          value={search}
          onChange={onSearch}
          icon={<KeyRound size={14} />}
          kbd="/"
          className="w-[220px] shrink"
        />
        <TextField
          mono
          aria-label="Filter rows by an expression"
          {...(refusal === undefined ? {} : { 'aria-invalid': true as const, 'aria-describedby': 'where-refused' })}
          placeholder={example}
          value={where}
          onCommit={onWhere}
          icon={<Filter size={14} />}
          className="w-[230px] shrink"
        />
        {windowed && (
          <Segmented
            label="Windows"
            value={mode}
            onChange={onMode}
            options={[
              { value: 'window', label: 'One window' },
              { value: 'latest', label: 'Latest per key' },
              { value: 'open', label: 'All open' },
            ]}
          />
        )}
        <span className="ml-auto text-12 whitespace-nowrap text-text-3 tabular" aria-live="polite">
          {page &&
            (page.partial
              ? `at least ${formatCount(page.matched)} of ${formatCount(page.total)} rows: the filter had no time for all`
              : page.matched === page.total
                ? `${formatCount(page.total)} rows`
                : `${formatCount(page.matched)} of ${formatCount(page.total)} rows`)}
        </span>
      </div>
      {refusal !== undefined && <FieldError id="where-refused" message={refusal} />}
    </div>
  );
}
