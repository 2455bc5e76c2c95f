import { everyMs, overlaps, type Window } from '@millrace/spec';

const bars = [0, 1, 2, 3, 4, 5];

/** The shape of a table's windows on its node: stairs for hopping ones, a row for tumbling. The newest are open, the older closed. */
export function WindowDrawing({
  window,
  width,
  stale,
}: {
  readonly window: Window;
  readonly width: number;
  readonly stale: boolean;
}) {
  const open = stale ? 'var(--outline)' : 'var(--water)';
  if (!overlaps(window)) {
    const gap = 3;
    const each = (width - gap * (bars.length - 1)) / bars.length;
    return (
      <svg aria-hidden="true" width={width} height={22} className="block">
        {bars.map((index) => (
          <rect
            key={index}
            x={index * (each + gap)}
            y={10}
            width={each}
            height={2}
            fill={index < bars.length - 1 ? 'var(--outline)' : open}
          />
        ))}
      </svg>
    );
  }
  const share = Math.min(1, everyMs(window) / window.sizeMs);
  const step = Math.min(width * 0.09, Math.max(6, width * share * 0.5));
  const length = width - step * (bars.length - 1);
  return (
    <svg aria-hidden="true" width={width} height={22} className="block">
      {bars.map((index) => (
        <rect
          key={index}
          x={index * step}
          y={1 + index * 3.8}
          width={length}
          height={1.8}
          fill={index < 2 ? 'var(--outline)' : open}
        />
      ))}
    </svg>
  );
}
