import type { TableEntity } from '@millrace/protocol';
import { durationWords, everyMs, overlaps, type Table } from '@millrace/spec';
import { formatBytes, formatClock, formatCount, formatRate } from '#lib/format.ts';
import { cx } from '#ui/cx.ts';
import { StripFigure } from '#ui/figure.tsx';

const clock = (atMs: number | null | undefined): string => (atMs == null ? '–' : formatClock(atMs));

/** The table in figures, under the page's bar. */
export function TableFigures({
  figures,
  definition,
  stale,
}: {
  readonly figures: TableEntity | undefined;
  readonly definition: Table | undefined;
  readonly stale: boolean;
}) {
  const size = figures === undefined ? undefined : formatBytes(figures.sizeBytes);
  const window = definition?.window;
  return (
    <dl
      aria-label="Figures"
      className={cx('flex min-h-[54px] shrink-0 overflow-x-auto border-b border-line', stale && 'text-text-3')}
    >
      <StripFigure label="Keys" value={figures ? formatCount(figures.keys) : '–'} />
      {window && <StripFigure label="Entries" value={figures ? formatCount(figures.entries) : '–'} />}
      <StripFigure label="Updates" value={figures ? formatRate(figures.updatesPerSecond) : '–'} unit="/s" />
      <StripFigure label="Size" value={size?.value ?? '–'} unit={size ? `${size.unit} in memory` : undefined} />
      {window && (
        <StripFigure
          label="Window"
          value={durationWords(window.sizeMs)}
          unit={`${overlaps(window) ? `every ${durationWords(everyMs(window))}, ` : ''}grace ${durationWords(window.graceMs)}`}
        />
      )}
      <StripFigure label="Stream time" value={clock(figures?.streamTimeMs)} />
      {window && <StripFigure label="Watermark" value={clock(figures?.watermarkMs)} />}
      {window && <StripFigure label="Late" value={figures ? formatCount(figures.late) : '–'} />}
    </dl>
  );
}
