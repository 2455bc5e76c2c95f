/** For a `DataTable` under a page's figures: its head stays in sight, and its edges are those of the strip and the toolbar, 16 px. */
export const flushTable =
  '[&_th]:sticky [&_th]:top-0 [&_th]:z-10 [&_th]:border-t-0 [&_th]:bg-surface [&_th]:shadow-[inset_0_-1px_0_var(--line)] [&_td:first-child]:pl-4 [&_td:last-child]:pr-4 [&_th:first-child]:pl-4 [&_th:last-child]:pr-4 [&_td>.inline-flex]:align-middle';
