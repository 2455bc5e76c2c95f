import type { Window } from '@millrace/spec';

/** The shape of a table's windows on its node: stairs for hopping ones, a row for tumbling. The newest are open, the older closed. */
export function WindowDrawing({ window, width, stale }: { readonly window: Window; readonly width: number; readonly stale: boolean }) {
  const open = stale ? 'var(--outline)' : 'var(--water)';
  const bars = 6;
  if (window.kind === 'tumbling') {
    const gap = 3;
    const each = (width - gap * (bars - 1)) / bars;
    return (
      <svg aria-hidden="true" width={width} height={22} className="block">
        {Array.from({ length: bars }, (_, index) => (
          <rect key={`bar-${index * each}`} x={index * (each + gap)} y={10} width={each} height={2} fill={index < bars - 1 ? 'var(--outline)' : open} />
        ))}
      </svg>
    );
  }
  const share = Math.min(1, window.everyMs / window.sizeMs);
  const step = Math.min(width * 0.09, Math.max(6, width * share * 0.5));
  const length = width - step * (bars - 1);
  return (
    <svg aria-hidden="true" width={width} height={22} className="block">
      {Array.from({ length: bars }, (_, index) => (
        <rect key={`bar-${index * step}`} x={index * step} y={1 + index * 3.8} width={length} height={1.8} fill={index < 2 ? 'var(--outline)' : open} />
      ))}
    </svg>
  );
}
